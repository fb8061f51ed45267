"""Everything that is not a story: sentences, facts, lists, JSON and chats."""

import json

import lexicon as lex
from facts import (
    CAPITALS,
    CAPITAL_FORMS,
    COUPLETS,
    EATS,
    EAT_FORMS,
    EMOJI,
    EVERYDAY,
    GREETINGS,
    HAIKU,
    HAIKU_LAST,
    LIST_TOPICS,
    MADE_FORMS,
    MADE_OF,
    OPPOSITES,
    OPPOSITE_FORMS,
    PEOPLE,
    PORTRAIT_CLOSE,
    PORTRAIT_MIDDLE,
    PORTRAIT_OPEN,
    QUESTIONS,
    SAYINGS,
    SCIENCE,
    SOUNDS,
    SOUND_FORMS,
    SYSTEM_PROMPTS,
    TOPIC_SENTENCES,
)
from grammar import Writer, finish, capitalised
from stories import write_story

NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
DAYS = lex.WORD_LISTS["day"]
MONTHS = lex.WORD_LISTS["month"]
PLANETS = "Mercury Venus Earth Mars Jupiter Saturn Uranus Neptune".split()
PUNCTUATION = '.,!?"'
LETTERS = "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split()


class Snippets:
    """Writes every kind of document but stories, with one source of choices."""

    def __init__(self, writer: Writer):
        self.w = writer

    def say(self, templates, context=None, steepness=0.4):
        """One finished sentence from one of the templates."""
        return finish(capitalised(self.w.write(self.w.pick(templates, steepness), context).strip()))

    # -- b) everyday sentences ------------------------------------------------------
    def everyday(self):
        """A few everyday sentences, a sequence, sums or opposites."""
        roll = self.w.random()
        if roll < 0.50:
            sentences = [self.say(EVERYDAY, steepness=0.4)]
            for _ in range(self.w.rng.randint(2, 5)):
                sentences.append(self.say(EVERYDAY, steepness=0.15))
            return (" " if self.w.chance(0.5) else "\n").join(dict.fromkeys(sentences))
        if roll < 0.72:
            return self.day_portrait()
        if roll < 0.84:
            return self.sequences()
        if roll < 0.92:
            return self.sums()
        return "\n".join(
            dict.fromkeys(
                self.say(OPPOSITE_FORMS, self.opposite()) if self.w.chance(0.5) else self.sound()
                for _ in range(self.w.rng.randint(2, 6))
            )
        )

    def opposite(self):
        """Context for a template about two opposites."""
        a, b = self.w.pick(OPPOSITES, 0.2)
        if self.w.chance(0.5):
            a, b = b, a
        return {"a": a, "b": b, "_cast": (), "_last": ""}

    def sound(self):
        """A sentence about the sound an animal makes."""
        animal, sound = self.w.pick(SOUNDS, 0.3)
        return self.say(SOUND_FORMS, {"a": animal, "b": sound, "_cast": (), "_last": ""})

    def day_portrait(self):
        """A small paragraph about one person and one day."""
        she = self.w.chance(0.5)
        name = self.w.pick(lex.GIRL_NAMES if she else lex.BOY_NAMES, 0.6)
        context = {
            "n": name,
            "he": "she" if she else "he",
            "his": "her" if she else "his",
            "him": "her" if she else "him",
            "_cast": (),
            "_last": "",
        }
        parts = [self.say(PORTRAIT_OPEN, context)]
        parts += [
            self.say([beat], context)
            for beat in self.w.sample(PORTRAIT_MIDDLE, self.w.rng.randint(2, 5), 0.1)
        ]
        if self.w.chance(0.6):
            parts.append(self.say(PORTRAIT_CLOSE, context))
        return " ".join(parts)

    def sequences(self):
        """Things in their fixed order: days, months, numbers, letters, seasons."""
        pieces = []
        for _ in range(self.w.rng.randint(2, 4)):
            kind = self.w.rng.choice(
                ["days", "months", "digits", "words", "alphabet", "seasons", "next", "planets", "tens"]
            )
            if kind == "days":
                pieces.append(
                    self.w.write("{The days of the week are|There are seven days in a week:} ")
                    + listing(DAYS)
                    + "."
                )
            elif kind == "months":
                pieces.append(
                    self.w.write("{The months of the year are|There are twelve months in a year:} ")
                    + listing(MONTHS)
                    + "."
                )
            elif kind == "digits":
                start = 1 if self.w.chance(0.75) else self.w.rng.randint(2, 40)
                pieces.append(", ".join(map(str, range(start, start + self.w.rng.randint(5, 20)))))
            elif kind == "words":
                pieces.append(
                    self.w.write("{|We can count: |Count with me: |Let us count: }")
                    + ", ".join(NUMBER_WORDS[1 : self.w.rng.choice([6, 11, 11, 13, 21])])
                    + "."
                )
            elif kind == "alphabet":
                pieces.append(
                    self.w.write("{The alphabet: |The letters are |}")
                    + (", " if self.w.chance(0.6) else " ").join(LETTERS)
                )
            elif kind == "seasons":
                pieces.append("The four seasons are spring, summer, autumn, and winter.")
            elif kind == "planets":
                pieces.append(
                    self.w.write(
                        "{The planets are|The planets of the solar system are|In order from the Sun, the"
                        " planets are} "
                    )
                    + listing(PLANETS)
                    + "."
                )
            elif kind == "tens":
                pieces.append(", ".join(str(10 * k) for k in range(1, 11)))
            else:
                pieces.append(self.neighbor())
        return "\n".join(dict.fromkeys(pieces))

    def neighbor(self):
        """What comes before or after a day, a month, a number, a letter or a planet."""
        kind = self.w.rng.choice(["day", "month", "number", "letter", "yesterday", "planet"])
        rng = self.w.rng
        if kind in ("day", "yesterday"):
            i = rng.randrange(7)
            today, after, before = DAYS[i], DAYS[(i + 1) % 7], DAYS[i - 1]
            return self.w.write(
                f"{{The day after {today} is {after}.|Today is {today}. Tomorrow is {after}.|{today} comes"
                f" before {after}.|After {today} comes {after}.|If today is {today}, then yesterday was"
                f" {before}.|The day before {today} is {before}.}}"
            )
        if kind == "month":
            i = rng.randrange(12)
            return self.w.write(
                f"{{After {MONTHS[i]} comes {MONTHS[(i + 1) % 12]}.|The month after {MONTHS[i]} is"
                f" {MONTHS[(i + 1) % 12]}.|{MONTHS[i]} comes before {MONTHS[(i + 1) % 12]}.}}"
            )
        if kind == "number":
            i = rng.randint(1, 19)
            return (
                f"After {NUMBER_WORDS[i]} comes {NUMBER_WORDS[i + 1]}."
                if rng.random() < 0.5
                else f"The number after {i} is {i + 1}."
            )
        if kind == "planet":
            ordinal = "first second third fourth fifth sixth seventh eighth".split()
            i = rng.randrange(8)
            return f"The {ordinal[i]} planet from the Sun is {PLANETS[i]}."
        i = rng.randrange(25)
        return f"The letter after {LETTERS[i]} is {LETTERS[i + 1]}."

    def sums(self):
        """A few lines of adding and taking away."""
        lines = []
        style = self.w.rng.choice(["digits", "digits", "words", "ask", "story"])
        for _ in range(self.w.rng.randint(2, 6)):
            a = self.w.rng.randint(0, 10)
            b = self.w.rng.randint(0, 10)
            if style == "digits":
                lines.append(f"{a} + {b} = {a + b}" if self.w.chance(0.65) else f"{a + b} - {b} = {a}")
            elif style == "words":
                lines.append(
                    f"{NUMBER_WORDS[a]} plus {NUMBER_WORDS[b]} is {NUMBER_WORDS[a + b]}.".capitalize()
                )
            elif style == "ask":
                lines.append(f"What is {a} + {b}? {a} + {b} = {a + b}.")
            else:
                a, b = max(a, 2), max(b, 2)
                name = self.w.pick(lex.WORD_LISTS["name"], 0.5)
                he = "She" if name in lex.GIRL_NAMES else "He"
                noun = self.w.uniform(
                    ["apples", "books", "coins", "cookies", "eggs", "balls", "pencils", "stones"]
                )
                if self.w.chance(0.6):
                    lines.append(
                        f"{name} has {NUMBER_WORDS[a]} {noun}. {he} gets {NUMBER_WORDS[b]} more. Now"
                        f" {he.lower()} has {NUMBER_WORDS[a + b]} {noun}."
                    )
                else:
                    lines.append(
                        f"{name} has {NUMBER_WORDS[a + b]} {noun}. {he} gives away {NUMBER_WORDS[b]}. Now"
                        f" {he.lower()} has {NUMBER_WORDS[a]} {noun}."
                    )
        return "\n".join(dict.fromkeys(lines))

    # -- c) facts ---------------------------------------------------------------------
    def capital(self):
        """A sentence about a capital."""
        country, city = self.w.pick(CAPITALS, 0.45)
        return self.say(CAPITAL_FORMS, {"c": country, "p": city, "_cast": (), "_last": ""}, 0.7)

    def fact(self):
        """One fact of any sort."""
        roll = self.w.random()
        if roll < 0.36:
            return self.capital()
        if roll < 0.40:
            return self.neighbor()
        if roll < 0.47:
            return self.sound()
        if roll < 0.55:
            a, b = self.w.pick(EATS, 0.2)
            return self.say(EAT_FORMS, {"a": a, "b": b, "_cast": (), "_last": ""})
        if roll < 0.62:
            a, b = self.w.pick(MADE_OF, 0.2)
            return self.say(MADE_FORMS, {"a": a, "b": b, "_cast": (), "_last": ""})
        if roll < 0.68:
            who, what = self.w.pick(PEOPLE, 0.2)
            return f"{who} {what}."
        if roll < 0.80:
            return self.w.pick(SAYINGS, 0.3)
        return self.say(SCIENCE, {"_cast": (), "_last": ""}, 0.15)

    def facts(self):
        """A few facts."""
        facts = [self.fact() for _ in range(self.w.rng.randint(2, 7))]
        one_line = self.w.chance(0.45) and not any("\n" in fact for fact in facts)
        return (" " if one_line else "\n").join(dict.fromkeys(facts))

    # -- d) lists ---------------------------------------------------------------------
    def list_items(self, topic, count):
        """Distinct items of a topic."""
        return self.w.sample(LIST_TOPICS[topic], count, 1.0)

    def list_topic(self):
        """A topic of lists."""
        return self.w.pick(list(LIST_TOPICS), 0.6)

    @staticmethod
    def numbered(items):
        """Items as a numbered list."""
        return "\n".join(f"{i}. {item}" for i, item in enumerate(items, 1))

    def list_request(self, topic, count):
        """A request for a list of so many items."""
        number = str(count) if self.w.chance(0.5) else NUMBER_WORDS[count]
        return self.w.write(f"{{4~List|2~Name|1~Write down|1~Give me|1~Tell me}} {number} {topic}")

    def a_list(self):
        """A titled list of a topic, as a document."""
        topic = self.list_topic()
        count = self.w.rng.choices([3, 4, 5, 6, 7], [34, 10, 34, 12, 10])[0]
        extra = 0 if self.w.chance(0.6) else self.w.rng.randint(1, 7 - count) if count < 7 else 0
        roll = self.w.random()
        items = self.list_items(topic, min(count + extra, len(LIST_TOPICS[topic])))
        if roll < 0.72:
            text = f"{self.list_request(topic, count)}:\n{self.numbered(items)}"
        elif roll < 0.86:
            text = f"{capitalised(topic)}:\n" + "\n".join(f"- {item}" for item in items)
        else:
            text = f"{self.list_request(topic, count)}: {', '.join(items[:count])}."
        if self.w.chance(0.35):
            text += "\n\n" + self.a_list()
        return text

    # -- e) JSON -----------------------------------------------------------------------
    def json_object(self):
        """A little object with fields that belong together."""
        w, rng = self.w, self.w.rng
        kind = rng.choices(
            ["person", "pet", "book", "place", "weather", "item", "city", "list"], [40, 12, 8, 8, 8, 10, 9, 5]
        )[0]
        name = w.pick(lex.WORD_LISTS["name"], 0.7)
        if kind == "person":
            fields = {"name": name, "age": w.pick([7, 8, 6, 9, 10, 5, 11, 12, 4, 13, 30, 40], 0.7)}
            options = [
                ("pet", w.pick(["cat", "dog", "rabbit", "mouse", "bird", "fish", "turtle", "pony"])),
                ("city", w.pick(CAPITALS, 0.6)[1]),
                ("color", w.pick(lex.WORD_LISTS["color"])),
                (
                    "likes",
                    w.sample(["apples", "books", "music", "cats", "cake", "maps", "stars", "rain"], 2, 0.5),
                ),
                ("happy", w.chance(0.75)),
                ("food", w.pick(["pizza", "apple", "cake", "soup", "rice", "bread", "pasta"])),
                ("job", w.pick(["student", "baker", "farmer", "teacher", "doctor", "sailor"])),
            ]
            fields.update(w.sample(options, rng.randint(0, 3), 0.5))
        elif kind == "pet":
            fields = {
                "animal": w.pick(["cat", "dog", "rabbit", "fox", "owl", "bear", "duck", "frog"]),
                "name": w.pick(lex.HE_PET_NAMES + lex.SHE_PET_NAMES, 0.5),
                "age": rng.randint(1, 14),
                "color": w.pick(lex.WORD_LISTS["color"]),
            }
        elif kind == "book":
            fields = {
                "title": (
                    "The "
                    + w.pick(["Little", "Red", "Lost", "Magic", "Last", "Silver"])
                    + " "
                    + w.pick(["Fox", "Boat", "Star", "Garden", "Key", "House"])
                ),
                "author": name,
                "pages": rng.randint(2, 40) * 10,
            }
        elif kind == "place":
            country, city = w.pick(CAPITALS, 0.5)
            fields = {"country": country.removeprefix("the "), "capital": city}
        elif kind == "weather":
            fields = {
                "day": w.pick(DAYS, 0.2),
                "weather": w.pick(lex.WORD_LISTS["weather"]),
                "temperature": rng.randint(-5, 32),
            }
        elif kind == "item":
            fields = {
                "item": w.pick(lex.WORD_LISTS["fruit"] + lex.WORD_LISTS["furniture"], 0.5),
                "price": rng.randint(1, 40) / 2,
                "count": rng.randint(1, 12),
            }
        elif kind == "city":
            fields = {
                "city": w.pick(CAPITALS, 0.6)[1],
                "weather": w.pick(lex.WORD_LISTS["weather"]),
                "rain": w.chance(0.4),
            }
        else:
            return w.sample(lex.WORD_LISTS[w.uniform(["fruit", "color", "animal"])], rng.randint(3, 5), 0.6)
        return fields

    def a_json(self):
        """One to four JSON values in one of several styles, as a document."""
        pieces = []
        count = self.w.rng.randint(1, 4)
        style = self.w.random()
        for _ in range(count):
            value = self.json_object()
            text = json.dumps(value, ensure_ascii=False, indent=2 if style < 0.15 else None)
            pieces.append(f"<json>{text}</json>" if style > 0.68 else text)
        if (
            style > 0.9
            and isinstance(value, dict)
            and "name" in value
            and "age" in value
            and "animal" not in value
        ):
            return f"{value['name']} is {value['age']} years old.\n{pieces[-1]}"
        return "\n".join(pieces)

    # -- f) chats ------------------------------------------------------------------------
    def chat(self):
        """A chat of one or two turns in ChatML, sometimes with a system prompt."""
        turns = 1 if self.w.chance(0.7) else 2
        lines = []
        if self.w.chance(0.3):
            lines.append(("system", self.w.pick(SYSTEM_PROMPTS, 1.6)))
        kinds = []
        for _ in range(turns):
            kind = self.w.rng.choices(list(CHAT_KINDS), CHAT_KINDS.values())[0]
            while kind in kinds and kind in ("hello", "story", "thanks") or (kind == "thanks" and not kinds):
                kind = self.w.rng.choices(list(CHAT_KINDS), CHAT_KINDS.values())[0]
            kinds.append(kind)
            question, answer = getattr(self, "chat_" + kind)()
            if self.w.chance(0.006):
                answer += " " + self.w.pick(EMOJI, 0.5)
            lines += [("user", question), ("assistant", answer)]
        return "\n".join(f"<|im_start|>{role}\n{text}<|im_end|>" for role, text in lines)

    def polite(self, request):
        """The same request in a politer or plainer voice."""
        lowered = request[0].lower() + request[1:]
        return self.w.write(
            f"{{6~{request}.|2~{request}|1~Please {lowered}.|1~Can you {lowered}?|1~Could you {lowered},"
            " please?}"
        )

    def chat_story(self):
        about, plot, wishes = self.story_topic()
        request = self.w.write(
            "{4~Write|2~Tell me|1~Tell} a {|short |little |very short |bedtime }story {5~about|1~that"
            f" is about}} {about}"
        ).replace("Tell a", "Tell me a")
        return finish(self.polite(request)), write_story(self.w, plot, **wishes)

    def story_topic(self):
        """(what the user names, plot or None, wishes for the story)"""
        w = self.w
        roll = w.random()
        if roll < 0.55:
            kinds = (
                [lex.KIND_BY_NOUN["cat"], lex.GIRL, lex.BOY, lex.KIND_BY_NOUN["dog"], lex.ROBOT]
                + lex.ANIMAL_KINDS[2:]
                + lex.ADULT_KINDS
            )
            kind = w.pick(kinds, 0.6)
            return w.write("a {5~|1~little |1~young }") + kind.noun, None, {"hero": kind.noun}
        if roll < 0.70:
            dest = w.pick(lex.DESTINATIONS, 0.4)
            return (
                dest.noun if w.chance(0.5) else f"a journey to {dest.noun}",
                "a journey",
                {"destination": dest.noun},
            )
        if roll < 0.80:
            item = w.pick([*lex.TREASURES, *[t for t in lex.TOYS]], 0.2)
            return f"a lost {item.noun}", "lost and found", {"thing": item.noun}
        if roll < 0.86:
            magic = w.pick(lex.MAGICS, 0.2)
            return f"a magic {magic.thing}", "magic", {"magic": magic.thing}
        about, plot = w.uniform(
            [
                ("a storm", "a storm"),
                ("the rain", "a storm"),
                ("a friend", "a friend"),
                ("friendship", "a friend"),
                ("sharing", "sharing"),
                ("a broken toy", "a broken toy"),
                ("a secret", "a secret"),
                ("a secret place", "a secret"),
                ("a mistake", "a mistake"),
                ("saying sorry", "a mistake"),
                ("a contest", "a contest"),
                ("a sick friend", "a sick friend"),
                ("the night", "the night"),
                ("the dark", "the night"),
                ("a seed", "a seed"),
                ("patience", "a seed"),
                ("a birthday", "a birthday"),
                ("a birthday party", "a birthday"),
                ("a star", "a star"),
                ("the stars", "a star"),
                ("a pet", "a pet"),
                ("being kind", "a stranger"),
                ("kindness", "a stranger"),
                ("learning something new", "a skill"),
                ("working together", "building"),
            ]
        )
        return about, plot, {}

    def chat_sentence(self):
        topic = self.w.pick(list(TOPIC_SENTENCES), 0.3)
        request = self.w.write(
            f"{{5~Write|1~Give me|1~Say}} {{4~one sentence|2~a sentence|1~one short sentence}} about {topic}"
        )
        return self.polite(request), self.say(TOPIC_SENTENCES[topic], steepness=0.5)

    def chat_explain(self):
        topic = self.w.pick(list(TOPIC_SENTENCES), 0.3)
        sentences = self.w.sample(TOPIC_SENTENCES[topic], self.w.rng.randint(2, 3), 0.3)
        request = self.w.write(
            f"{{3~Tell me {{about|something about}} {topic}.|1~What can you tell me about {topic}?|1~Write"
            f" two sentences about {topic}.}}"
        )
        if "two" in request:
            sentences = sentences[:2]
        return request, " ".join(self.say([s]) for s in sentences)

    def chat_capital(self):
        country, city = self.w.pick(CAPITALS, 0.45)
        question = self.w.write(
            f"{{5~What is the capital of {country}?|1~What's the capital of {country}?|1~Tell me the capital"
            f" of {country}.|1~Which city is the capital of {country}?|1~Do you know the capital of"
            f" {country}?|1~In which country is {city}?}}"
        )
        if question.startswith("In which"):
            return question, self.w.write(
                f"{{{city} is in {country}.|{city} is in {country}. It is the capital.}}"
            )
        return question, self.w.write(
            f"{{6~The capital of {country} is {city}.|1~{city}.|1~{city} is the capital of {country}.|1~It is"
            f" {city}.}}"
        )

    def chat_list(self):
        topic = self.list_topic()
        count = self.w.rng.choices([2, 3, 4, 5, 6, 7], [6, 40, 8, 36, 5, 5])[0]
        request = self.list_request(topic, count)
        return self.polite(request), self.numbered(
            self.list_items(topic, min(count, len(LIST_TOPICS[topic])))
        )

    def chat_poem(self):
        topic = self.w.pick(list(HAIKU), 0.3)
        if self.w.chance(0.72):
            first, second, third = HAIKU[topic]
            poem = "\n".join(
                [self.w.uniform(first), self.w.uniform(second), self.w.uniform(third + HAIKU_LAST)]
            )
            return (
                self.polite(
                    finish(
                        self.w.write(
                            f"{{6~Write|1~Give me|1~Compose}} a {{8~haiku|1~poem|1~short poem}} about {topic}"
                        )
                    )
                ),
                poem,
            )
        rhymes = self.w.sample(COUPLETS, 2, 0.2)
        poem = "\n".join(line for pair in rhymes for line in self.w.write(pair).split(" / "))
        return self.polite(self.w.write("Write a {short |little |}{poem|rhyme}")), poem

    def chat_hello(self):
        greeting, answer = self.w.pick(GREETINGS, 0.35)
        return self.w.write(greeting), finish(self.w.write(answer).strip())

    def chat_thanks(self):
        if self.w.chance(0.25):
            return (
                self.w.write("{Goodbye!|Bye!|See you later!}"),
                self.w.write("Goodbye! {See you soon.|Have a nice day.|Come back soon.|}").strip(),
            )
        return self.w.write(
            "{Thank you!|Thanks!|Thank you very much.|That was nice, thank you.|Great, thanks!}"
        ), self.w.write(
            "{You are welcome!|You are welcome! Have a nice day.|I am happy to help.|My pleasure!|Anytime! Is"
            " there anything else?}"
        )

    def chat_continue(self):
        sentence = self.say(EVERYDAY, steepness=0.2)
        words = sentence.split(" ")
        cut = self.w.rng.randint(min(max(2, len(words) // 2), len(words) - 1), max(1, len(words) - 1))
        start = " ".join(words[:cut])
        return (
            self.w.write("{Continue the sentence|Finish the sentence|Complete this sentence|Continue}: ")
            + start,
            sentence,
        )

    def chat_sound(self):
        animal, sound = self.w.pick(SOUNDS, 0.3)
        context = {"a": animal, "b": sound, "_cast": (), "_last": ""}
        return finish(
            self.w.write(
                "{3~What sound does a [a] make?|1~What does a [a] say?|1~How does a [a] sound?}", context
            )
        ), finish(
            self.w.write('{4~A [a] says "[b]".|1~[B]!|1~A [a] goes "[b]".|1~The [a] says "[b]".}', context)
        )

    def chat_sum(self):
        a, b = self.w.rng.randint(0, 10), self.w.rng.randint(0, 10)
        if self.w.chance(0.7):
            return self.w.write(
                f"{{What is {a} + {b}?|What is {a} plus {b}?|How much is {a} + {b}?|{a} + {b} = ?}}"
            ), self.w.write(
                f"{{3~{a} + {b} = {a + b}.|1~{a + b}.|1~It is {a + b}.|1~{a} plus {b} is {a + b}.}}"
            )
        return f"What is {a + b} - {b}?", self.w.write(f"{{3~{a + b} - {b} = {a}.|1~{a}.|1~It is {a}.}}")

    def chat_opposite(self):
        context = self.opposite()
        return self.w.write(
            '{What is the opposite of [a]?|What is the opposite of "[a]"?|Tell me the opposite of [a].}',
            context,
        ), self.w.write("{3~The opposite of [a] is [b].|1~[B].}", context)

    def chat_question(self):
        question, answer = self.w.pick(QUESTIONS, 0.15)
        return finish(self.w.write(question)), finish(self.w.write(answer).strip())

    def chat_json(self):
        value = self.json_object()
        while not isinstance(value, dict):
            value = self.json_object()
        kind = next(iter(value))
        what = {
            "name": "a person",
            "animal": "a pet",
            "title": "a book",
            "country": "a country",
            "day": "the weather",
            "item": "a thing in a shop",
            "city": "a city",
        }[kind]
        text = json.dumps(value, ensure_ascii=False)
        keys = ", ".join(value)
        request = self.w.write(
            f"{{3~Write a JSON object for {what}|2~Give me {what} as JSON|2~Write JSON with the keys {keys}}}"
        )
        return self.polite(request), f"<json>{text}</json>" if self.w.chance(0.25) else text

    def chat_correct(self):
        sentence = self.say(EVERYDAY, steepness=0.2)
        task = self.w.rng.choice(["upper", "repeat", "first"])
        if task == "upper":
            return f"Write in capital letters: {sentence}", sentence.upper()
        if task == "repeat":
            return self.w.write("{Repeat after me|Repeat}: ") + sentence, sentence
        return (
            f"What is the first word of this sentence? {sentence}",
            f"The first word is \"{sentence.split(' ')[0].strip(PUNCTUATION)}\".",
        )


CHAT_KINDS = {
    "story": 34,
    "sentence": 11,
    "capital": 10,
    "list": 12,
    "poem": 9,
    "hello": 4,
    "thanks": 2,
    "continue": 6,
    "sound": 3,
    "sum": 4,
    "opposite": 3,
    "question": 8,
    "json": 4,
    "correct": 2,
    "explain": 5,
}


def listing(words):
    """Words joined by commas and a last "and"."""
    return ", ".join(words[:-1]) + ", and " + words[-1]
