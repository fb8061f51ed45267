"""Little stories: a cast, a place, a thing, and one of many plots.

A plot is a function that sends beats to a `Story`. A beat is a list of paraphrases; one is
chosen, its slots are filled, and the text is added to the current paragraph.
"""

import re
from dataclasses import dataclass

import lexicon as lex
from grammar import Writer, ZIPF_BEAT, capitalised, finish

ONE_DAY = re.compile(
    r"(?:^|(?<=[.!?] ))(?:Then, |But |Then )?[Oo]ne (?:[a-z]+ )?(?:day|morning|afternoon|day in spring),"
)
PRONOUNS = {"he": ("he", "him", "his", "himself"), "she": ("she", "her", "her", "herself")}
HERO_GROUPS = [("girl", 30), ("boy", 27), ("animal", 30), ("adult", 9), ("robot", 4)]
ELDERS = {
    "child": [
        ("mother", "she", "Mom"),
        ("grandmother", "she", "Grandma"),
        ("father", "he", "Dad"),
        ("grandfather", "he", "Grandpa"),
        ("aunt", "she", "Auntie"),
        ("uncle", "he", "Uncle"),
    ],
    "adult": [
        ("sister", "she", "dear sister"),
        ("brother", "he", "dear brother"),
        ("old aunt", "she", "Aunt"),
        ("uncle", "he", "Uncle"),
    ],
    "robot": [("maker", "she", "dear maker"), ("maker", "he", "dear maker")],
}
ELDERS["animal"] = ELDERS["child"][:4]


def plural_food(food):
    """ "an apple" -> "apples", "some bread" -> "bread"."""
    article, _, noun = food.partition(" ")
    if article not in ("a", "an"):
        return noun if article == "some" else food
    return {"fish": "fish", "leaf": "green leaves"}.get(
        noun, noun + "s" if not noun.endswith("ch") else noun + "es"
    )


@dataclass
class Character:
    """Somebody in a story, with the words that speak of them."""

    kind: lex.Kind
    he: str
    name: str
    adjective: str

    def bind(self, context, key):
        """Add the words for this character to a context under a key."""
        he, him, his, self_ = PRONOUNS[self.he]
        reference = self.name or "the " + self.kind.noun
        label = f"{self.adjective} {self.kind.noun}".strip()
        context.update(
            {
                key: reference,
                key + ".s": reference,
                key + ".he": he,
                key + ".him": him,
                key + ".his": his,
                key + ".himself": self_,
                key + ".poss": reference + "'s",
                key + ".kind": self.kind.noun,
                key + ".the": "the " + label,
                key + ".label": label,
                key + ".home": self.kind.home,
                key + ".intro": f"a {label} named {self.name}" if self.name else f"a {label}",
                key + ".call": (
                    self.name or ("dear " if self.kind.group == "adult" else "little ") + self.kind.noun
                ),
                key + ".food": plural_food(self.kind.food),
            }
        )
        context["_cast"].add(key)


class Story:
    """One story being written: its context and the paragraphs so far."""

    def __init__(self, writer: Writer, **wishes):
        self.w = writer
        self.wishes = wishes  # e.g. hero="cat", destination="the sea"
        self.context = {"_last": "", "_cast": set(), "h.himself": ""}
        self.paragraphs = [[]]
        self.layout = "plain"
        self.day_given = False  # the text already speaks of a certain day
        self.hero = self.friend = None
        self.place = None

    # -- writing ------------------------------------------------------------------
    def beat(self, paraphrases, probability=1.0):
        """Add a sentence from one of several paraphrases."""
        if probability < 1.0 and self.w.random() >= probability:
            return
        text = capitalised(self.w.write(self.w.pick(paraphrases, ZIPF_BEAT), self.context).strip())
        if self.day_given:
            text, changed = ONE_DAY.subn(self.w.pick(("That day,", "That very day,"), 3.0), text, 1)
            self.day_given = not changed
        self.paragraphs[-1].append(text)

    def some_of(self, count, *beats, shuffled=False):
        """`count` of the beats, in their order or in any order."""
        chosen = self.w.sample(range(len(beats)), count, 0.0)
        for index in chosen if shuffled else sorted(chosen):
            self.beat(beats[index])

    def paragraph(self):
        """Begin a new paragraph, unless nothing is written in the last one."""
        if self.paragraphs[-1]:
            self.paragraphs.append([])

    def text(self):
        """The finished story, in one piece or in paragraphs."""
        paragraphs = [" ".join(beats) for beats in self.paragraphs if beats]
        joint = "\n\n" if self.layout == "paragraphs" else " "
        return finish(joint.join(paragraphs))

    def let(self, **values):
        """Add values to the context."""
        self.context.update({key.replace("_", "."): value for key, value in values.items()})

    # -- casting ------------------------------------------------------------------
    def _gender(self, kind, avoid=None):
        if kind.he:
            return kind.he
        if kind is lex.GIRL or kind is lex.BOY:
            return kind.he
        if avoid:
            return ("she" if avoid == "he" else "he") if self.w.chance(0.9) else avoid
        return "he" if self.w.chance(0.5) else "she"

    def _name(self, kind, he, taken):
        if kind.group == "child" or (kind.group == "adult" and self.w.chance(0.45)):
            pool = lex.GIRL_NAMES if he == "she" else lex.BOY_NAMES
        elif kind.group == "robot":
            pool = lex.ROBOT_NAMES if self.w.chance(0.8) else None
        elif kind.group == "animal" and self.w.chance(0.72):
            pool = lex.SHE_PET_NAMES if he == "she" else lex.HE_PET_NAMES
        else:
            pool = None
        if pool is None:
            return ""
        while (name := self.w.pick(pool, 0.7)) in taken:
            pass
        return name

    def _make(self, kind, avoid=None, taken=()):
        he = self._gender(kind, avoid)
        return Character(kind, he, self._name(kind, he, taken), self.w.pick(kind.adjectives))

    def cast(self, needs="", friend_group=None, without=()):
        """Choose hero, friend, elder and place. `needs`: a tag the hero must have."""
        w = self.w
        wanted = self.wishes.get("hero")
        while True:
            if wanted:
                kind = lex.KIND_BY_NOUN[wanted]
                break
            roll, group = w.random() * 100, ""
            for group, share in HERO_GROUPS:
                roll -= share
                if roll < 0:
                    break
            kind = {"girl": lex.GIRL, "boy": lex.BOY, "robot": lex.ROBOT}.get(group)
            if group == "animal":
                kind = w.pick(lex.ANIMAL_KINDS, 0.7)
            elif group == "adult":
                kind = w.pick(lex.ADULT_KINDS, 0.5)
            if (not needs or needs in kind.tags) and kind.group not in without:
                break
        self.hero = self._make(kind)
        while True:
            if kind.group == "animal" or w.chance(0.35):
                other = w.pick(lex.ANIMAL_KINDS, 0.7)
            elif kind.group == "adult":
                other = w.pick(lex.ADULT_KINDS, 0.5)
            else:
                other = lex.BOY if self.hero.he == "she" else lex.GIRL
                if w.chance(0.2):
                    other = lex.GIRL if other is lex.BOY else lex.BOY
            if other is not kind or kind.group == "child":
                if not friend_group or other.group == friend_group or kind.group != "child":
                    break
        self.friend = self._make(other, avoid=self.hero.he, taken=(self.hero.name,))
        self.hero.bind(self.context, "h")
        self.friend.bind(self.context, "f")
        noun, he, call = w.pick(ELDERS[kind.group], 0.7)
        elder = Character(lex.GIRL, he, f"{self.context['h.his']} {noun}", "")
        elder.bind(self.context, "e")
        self.context["e.call"] = call
        self.place = (
            lex.PLACE_BY_NOUN[self.wishes["place"]] if "place" in self.wishes else w.pick(lex.PLACES, 0.5)
        )
        spots = w.sample(self.place.spots, 3, 0.5)
        sights = w.sample(self.place.sights, 2, 0.5)
        self.let(
            place=self.place.noun,
            place_at=self.place.at,
            place_to=self.place.to,
            spot=spots[0],
            spot_b=spots[1],
            spot_c=spots[2],
            sight=sights[0],
            sight_b=sights[1],
        )
        self.layout = "paragraphs" if w.chance(0.45) else "plain"

    def thing(self, pool):
        """Context for an object of the story."""
        noun = self.wishes.get("thing")
        item = next((item for item in pool if item.noun == noun), None) or self.w.pick(pool, 0.6)
        adjective = self.w.pick(item.adjectives)
        self.let(o=item.noun, o_full=f"{adjective} {item.noun}", o_adj=adjective)
        return item

    # -- common beats -----------------------------------------------------------------
    def open(self):
        """Begin the story: who, where and what sort of day."""
        kind = self.hero.kind
        if self.w.chance(0.42):
            self.beat(OPENINGS_ONCE)
        elif kind.group == "animal" and "wild" in kind.tags and self.w.chance(0.35):
            self.beat(OPENINGS_WILD)
        elif self.hero.name and self.w.chance(0.3):
            self.beat(OPENINGS_NAMED)
        else:
            self.beat(OPENINGS_OTHER)
        self.context["_last"] = "h"
        self.beat(DETAILS_SMALL if kind.group != "adult" else DETAILS_GROWN, 0.4)
        self.day_given = self.paragraphs[0][0].startswith(
            ("One day", "The sun was", "The birds were", "It was")
        )

    def weather(self, probability=0.35):
        """Perhaps a sentence about the weather."""
        if not self.day_given and self.w.chance(probability):
            self.beat(WEATHER)
            self.day_given = True

    def end(self, morals, endings=None):
        """Close the story."""
        roll = self.w.random()
        if roll < 0.45:
            self.beat(endings or ENDINGS)
        elif roll < 0.72:
            self.beat(morals)
        elif roll < 0.93:
            self.beat(endings or ENDINGS)
            self.beat(morals)
        if roll > 0.84:
            self.beat(THE_END, 0.5)


OPENINGS_ONCE = [
    "Once upon a time, there was [h.intro]. [H.he] lived [h.home].",
    "Once upon a time, there was [h.intro] who lived [h.home].",
    "Once upon a time, there was [h.intro].",
    "Once upon a time, [h.intro] lived [h.home].",
    (
        "Once upon a time, {in a land far away|in a quiet village|in a faraway land|in a green valley|not so"
        " very long ago}, there lived [h.intro]."
    ),
    "Once upon a time, there lived [h.intro]. {Everyone|All the neighbors} {liked|loved} [h.him].",
    "Once there was [h.intro] who lived [h.home].",
    "Once upon a time, [h.home], there lived [h.intro].",
]
OPENINGS_WILD = [
    "Deep in the forest, there lived [h.intro].",
    "Far away, {behind the hills|beyond the river|on the other side of the mountain}, lived [h.intro].",
    (
        "Deep in the {green|dark|old|quiet} forest lived [h.intro]. {[H.he] knew every path and every"
        " tree.|[H.he] had many friends there.|}"
    ),
    "In the middle of the forest, there was a small path. At the end of the path lived [h.intro].",
]
OPENINGS_NAMED = [
    "[H] was a [h.label] who lived [h.home].",
    "[H] was a [h.label]. [H.he] lived [h.home].",
    "There was once a [h.label], and {[h.his] name|the name everyone called [h.him]} was [h].",
    (
        "[H] lived [h.home]. [H.he] was a [h.label] with {a big heart|bright eyes|many ideas|a loud laugh|a"
        " good nose for adventure}."
    ),
]
OPENINGS_OTHER = [
    "One day, [h.intro] {woke up early|looked out at the sky|had a new idea|woke up with a smile}.",
    "In a {small|quiet|little|sleepy|pretty} {village|town|valley}, there lived [h.intro].",
    "There once was [h.intro] who lived [h.home].",
    (
        "Long ago, {in a far country|when the hills were young|when wishes still came true|in a quiet"
        " valley|before there were cars}, there lived [h.intro]."
    ),
    (
        "The sun was {shining|rising|bright|warm}, and [h.intro] was {already awake|ready for the day|sitting"
        " outside|in a very good mood}."
    ),
    "There was once [h.intro]. [H.he] lived [h.home].",
    "Far away, [h.home], lived [h.intro].",
    (
        "Every {morning|evening}, [h.intro] {sat|stood} by the {door|window|gate} and {looked at the"
        " sky|listened to the birds|waved at everyone who went by}."
    ),
    (
        "It was {early|late} {in the morning|in the spring|in the summer|in the autumn}, and [h.intro] was"
        " {wide awake|already busy|full of plans}."
    ),
    "Many years ago, there lived [h.intro].",
    (
        "In a {little|small|white} house {by the sea|on a hill|near the woods|at the end of the road}, there"
        " lived [h.intro]."
    ),
    "This is the story of [h.intro].",
    (
        "The birds were singing, and [h.intro] {was on the way to the market|was still in bed|opened the door"
        " and looked out}."
    ),
    "[H.intro] lived [h.home].",
]
DETAILS_SMALL = [
    (
        "[H.he] lived with [e] and {a lot of books|an old clock that was always late|many plants|two noisy"
        " crickets|a big family}."
    ),
    "[H.he] had {bright|brown|big|curious|shining} eyes and a {loud|warm|happy|funny} laugh.",
    (
        "[H.he] liked {rainy days|long stories|the smell of grass|small adventures|quiet"
        " mornings|music|puddles}, and [h.he] loved [h.food]."
    ),
    (
        "{Everyone|All the others} in the {village|valley|neighborhood} knew [h.him], because [h.he] {asked"
        " so many questions|was always singing|said hello to everyone|was always in a hurry}."
    ),
    "{[H.his] favorite food was|For breakfast, [h.he] always had} [h.food].",
    (
        "[H.he] was {small for [h.his] age|never bored|always a little late|full of questions|good at"
        " listening|a bit of a dreamer}."
    ),
    "[H.he] liked to {play|walk|sit|be} [place.at] and {look at|watch for|dream about} [sight].",
    (
        "[H.he] could {sing|hum} {three|seven|a hundred} songs and {count to a hundred|tell very good"
        " jokes|remember every name}."
    ),
    "Nothing made [h.him] happier than {a good story|a sunny day|the first snow|a walk with [e]}.",
]
DETAILS_GROWN = [
    (
        "[H.he] {got up|woke up} before the sun {every day|each morning} and {worked|hummed a song|drank a"
        " cup of tea}."
    ),
    (
        "[H.he] was {known|loved} far and wide for {[h.his] warm smile|[h.his] good stories|[h.his] strange"
        " hats|[h.his] kind heart}."
    ),
    "[H.he] {worked|thought} a lot and {laughed|slept|talked} very little.",
    "[H.he] liked to {walk|sit|be} [place.at] and {look at|think about} [sight].",
    "Every evening, [h.he] {sat by the fire|looked at the sky|told stories to [h.his] neighbors}.",
    "[H.he] had everything, but [h.he] was {not always happy|sometimes bored|often alone}.",
]
WEATHER = [
    "It was a [@fineday] {morning|day|afternoon|evening}.",
    (
        "The sun was {shining|bright|warm|high in the sky} and the {sky was blue|birds were singing|air was"
        " warm|flowers were open}."
    ),
    (
        "The wind was {soft|cool|strong|warm} and {the leaves were dancing|the clouds were moving fast|the"
        " grass was waving}."
    ),
    (
        "It was {spring|summer|autumn}, and {the trees were full of birds|the air smelled of flowers|the days"
        " were long|the fields were golden}."
    ),
    "There was not a cloud in the sky.",
    (
        "A {soft|light|cool} rain had fallen in the night, and {everything smelled fresh|the grass was still"
        " wet|there were puddles everywhere}."
    ),
    (
        "The {air was cool|day was young|world was quiet}, and {anything could happen|it was a good day for"
        " an adventure|there was dew on the grass}."
    ),
    "The sky was {gray|pink|full of small white clouds|bright blue}.",
]
ENDINGS = [
    "{From that day on|After that}, [h] and [f] were {the best of friends|good friends|best friends}.",
    "And they all lived happily ever after.",
    "[H] {went home|walked home} with a {big smile|warm heart|happy heart|light step}.",
    (
        "That night, [h] {slept well|fell asleep with a smile|went to bed early|slept deeply} and {dreamed of"
        " new adventures|dreamed about the day|had sweet dreams}."
    ),
    "{[H.he] was|[H] was} {very happy|so happy|happy and tired|as happy as could be}.",
    "It was {the best day ever|a very good day|a day [h] would never forget|the best day of [h.his] life}.",
    (
        "When the sun went down, {they all sat together and laughed|everyone went home happy|[h] looked up at"
        " the stars and smiled}."
    ),
    "And if you listen closely, you can still hear them laughing.",
    (
        "[H] told [e] {all about it|the whole story}, and [e.he] {smiled|gave [h.him] a big hug|laughed|was"
        " very proud}."
    ),
    (
        "Everyone was {happy|glad}, and they {had a big party|ate cake|danced and sang} {until it was"
        " dark|all evening|until the stars came out}."
    ),
    "And that is how {the day|the story|it all} ended, with {a smile|a song|a hug|a cup of warm milk}.",
    "[H] never forgot that {day|[@fineday] day}.",
]
THE_END = ["The end.", "The end.", "And that was that.", "The end!"]


# -- plots ---------------------------------------------------------------------------


def lost_and_found(s):
    s.cast()
    wanted = s.wishes.get("thing")
    if wanted:
        pool = lex.TREASURES + lex.TOYS
    else:
        pool = lex.TREASURES if s.w.chance(0.6) else lex.TOYS
    item = s.thing(pool)
    s.let(
        why=(
            item.why
            if isinstance(item, lex.Treasure)
            else "{it was a gift from [e]|it made [h.him] happy|there was no other like it}"
        )
    )
    s.open()
    s.beat(
        [
            "[H.he] had a [o.full]. [H.he] loved it because [why].",
            "[H.he] had a [o.full], and [why].",
            "Of all [h.his] things, [h.he] loved [h.his] [o.full] {most|best|the most}, because [why].",
            "[H.he] took [h.his] [o.full] everywhere, because [why].",
            "[H.his] favorite thing was a [o.full]. [H.he] {liked|loved} it because [why].",
            "[H.he] had only one treasure, a [o.full]. [Why].",
            "[E] had given [h.him] a [o.full], and [h.he] kept it close all the time.",
            "[H.he] never went anywhere without [h.his] [o.full], because [why].",
        ]
    )
    s.weather()
    s.beat(
        [
            "One day, [h] went [place.to]. When [h.he] came home, the [o] was gone.",
            "One day, [h] looked for the [o], but it was {gone|not there|nowhere to be seen}.",
            (
                "One {morning|afternoon}, [h] {played|walked|ran around} [place.at]. Then [h.he] saw that the"
                " [o] was {gone|missing}."
            ),
            "But one day, the [o] was not in its place. {It was gone!|[H] looked again. It was really gone.}",
            "One {windy|sunny|busy|cloudy} day, [h] lost the [o] somewhere [place.at].",
            "One day, after a long walk [place.to], [h] reached for the [o]. It was not there.",
            "Then one day, something {bad|sad|terrible} happened. The [o] was lost.",
            (
                "One evening, [h] wanted to {show [e] the [o]|look at the [o]|hold the [o]}, but [h.he] could"
                " not find it."
            ),
        ]
    )
    s.paragraph()
    s.beat(
        [
            '"Oh no!" {said|cried} [h]. "{Where is my [o]?|I have lost my [o]!|My [o] is gone!}"',
            (
                '"Where is my [o]?" {asked|cried|said} [h]. {Nobody knew.|[H.he] was very sad.|[H.his] eyes'
                " were full of tears.}"
            ),
            "[H] was [@sad]. [H.he] wanted to {cry|sit down and cry|hide in bed}.",
            '"I must find it {before dark|today|before it rains}," said [h].',
            '[H.s] {began|started} to cry. "{I will never find it|It is gone|I want my [o]}," [h.he] said.',
            '[H.his] heart {sank|beat fast|felt heavy}. "My [o]!" [h.he] {cried|whispered|said}.',
        ]
    )
    s.beat(
        [
            "[H.s] looked [spot.b]. It was not there. [H.he] looked [spot.c]. It was not there{| either}.",
            (
                "First, [h.he] looked [spot.b]. Then [h.he] looked [spot.c]. {No [o].|Nothing.|There was only"
                " dust.}"
            ),
            (
                "[H.s] looked {everywhere|high and low|all around}: [spot.b], [spot.c], and even {in [h.his]"
                " pockets|in the well|on the roof|in the soup pot}."
            ),
            (
                "[H.s] went [place.to] and searched [spot.b] and [spot.c], but [h.he] found {nothing|only an"
                " old shoe|only a spider|only a sleepy snail}."
            ),
            (
                "[H.s] {searched|looked} [spot.b], but there was only {a snail|an old boot|a leaf|a spoon|a"
                " sleepy beetle}."
            ),
        ]
    )
    s.beat(
        [
            (
                'Then [h.he] met [f.intro]. "Have you seen my [o]?" asked [h]. "{No|Not yet}, but I will help'
                ' you {look|find it|search}," said [f].'
            ),
            (
                '[F.intro] came by. "{What is wrong|Why are you sad|What are you looking for}?" asked [f]. "I'
                ' lost my [o]," said [h]. "{Let\'s|We can} look together," said [f].'
            ),
            (
                '[F.intro] heard [h.him] and came closer. "Don\'t {cry|worry|be sad}," said [f]. "I am good'
                ' at finding things."'
            ),
            (
                'On the path, [h] met [f.intro]. "Can you help me?" [h.he] asked. "My [o] is lost." [F]'
                ' {nodded|smiled|thought for a moment}. "{Of course|Yes, I can|Let us go and look}."'
            ),
            (
                'Just then, [f.intro] {came along|came around the corner|stopped next to [h.him]}. "Did you'
                ' lose something?" asked [f]. "Yes, my [o]," said [h].'
            ),
            (
                '"I will help you," said a voice. It was [f.intro]. {Two pairs of eyes are better than'
                " one.|[F] had {good|sharp} eyes.|}"
            ),
        ]
    )
    s.beat(
        [
            "They {walked|looked|searched} {for a long time|for an hour|all afternoon|until lunch}.",
            "Together they looked [place.at], step by step.",
            (
                '"When did you see it last?" asked [f]. [H] thought {hard|about it}. "I think it was'
                ' [place.at]," [h.he] said.'
            ),
            '"Think," said [f]. "Where were you this morning?" "I was [place.at]," said [h].',
        ],
        0.6,
    )
    s.paragraph()
    s.beat(
        [
            (
                'At last, [f] looked [spot]. "{Look|Here it is|I see it|I found it}!" [f.he]'
                " {shouted|cried|called}. There was the [o.full]."
            ),
            "Then something {shone|moved|caught [h.his] eye} [spot]. It was the [o.full]!",
            "[F] pointed. There, [spot], was the [o.full].",
            (
                "And there it was, [spot]. {Someone had been sleeping on it.|It was a little dirty, but it"
                " was fine.|It had been there all the time.|A little bird was sitting on it.}"
            ),
            '"Is this your [o]?" asked [f]. [F.he] had found it [spot]. "Yes!" {cried|shouted} [h].',
            (
                "[H] looked [spot] {one last time|once more|again}. {There was the [o]!|And there was the"
                " [o.full]!}"
            ),
        ]
    )
    s.beat(
        [
            (
                '[H] was so happy that [h.he] {danced|jumped up and down|laughed out loud|hugged [f]}. "Thank'
                ' you, [f.call]!" [h.he] said.'
            ),
            (
                '"Thank you{, thank you|| so much}!" said [h]. {They both laughed.|[F] smiled.|[H.he] gave'
                " [f] a hug.|[F] was happy too.}"
            ),
            (
                '[H] held the [o] {tight|close|in both arms}. "I will {be more careful|never lose it'
                ' again|take good care of it}," [h.he] said.'
            ),
            (
                '[H] {gave [f] a big hug|shook [f.poss] hand|smiled from ear to ear}. "You are a good'
                ' friend," [h.he] said.'
            ),
        ]
    )
    s.end(
        [
            (
                "[H] learned that {a friend is better than any [o]|it is good to ask for help|good friends"
                " help each other|it is wise to take care of your things}."
            ),
            (
                "From then on, [h] always {put the [o] back in its place|took good care of [h.his]"
                " things|knew where the [o] was}."
            ),
            "Lost things are easier to find with a friend.",
            (
                "And [h] knew that {the best treasure was not the [o], but [f]|[h.he] had found a friend as"
                " well}."
            ),
        ]
    )


def helping_a_stranger(s):
    s.cast(without=("robot",))
    who, he, trouble, help_, reward = s.w.pick(lex.STRANGERS, 0.5)
    pronouns = {"he": "him", "she": "her", "it": "it"}
    noun = who.split(" ", 1)[1]
    s.let(who=who, x="the " + noun, x_he=he, x_him=pronouns[he], trouble=trouble, help=help_, reward=reward)
    s.open()
    s.beat(
        [
            "[H.he] was known for [h.his] kind heart.",
            "[H.he] always had a kind word for everyone.",
            "[H.he] {was not rich|did not have much}, but [h.he] {had a kind heart|liked to help}.",
            "[H.he] liked to {walk|wander} [place.at] and look at [sight].",
            '[E] always said, "Be kind to everyone you meet."',
            "[H.he] was often {in a hurry|busy}, but never too {fast|busy} to {say hello|help}.",
        ],
        0.75,
    )
    s.beat(
        [
            (
                "One {day|morning|afternoon|cold evening|rainy day}, [h] was {walking|on the way|going}"
                " [place.to]."
            ),
            (
                "One day, [e] asked [h.him] to {take a basket to the next village|fetch some water|buy some"
                " bread|bring home some apples}."
            ),
            (
                "One {sunny|windy|rainy|cold} {day|morning}, [h] {set out|went out} to {find some berries|get"
                " some bread|visit [e]|see the market}."
            ),
            (
                "It was {a [@fineday] day|late in the day|early in the morning}, and [h] was {walking home|on"
                " the road|taking a walk} {alone|as usual|with a song}."
            ),
        ]
    )
    s.beat(
        [
            (
                "{On the way|By the side of the road|Near a bend in the path|Next to an old wall}, [h.he] saw"
                " [who]. [Trouble]."
            ),
            (
                "Suddenly, [h.he] heard {a soft cry|a sad voice|someone call for help|a sigh}. It was [who]."
                " [Trouble]."
            ),
            "There [h.he] found [who], and [trouble].",
            "Then [h.he] {met|saw|noticed} [who]. [H] could see that [trouble].",
            (
                "After a while, [h.he] came upon [who]. {[X.he] looked so sad, because [trouble].|It was easy"
                " to see that [trouble].}"
            ),
        ]
    )
    s.paragraph()
    s.some_of(
        2,
        [
            '"{Please|Oh please}, can you help me?" asked [x].',
            '"Nobody {wants to help|will stop for} me," said [x] {sadly|in a small voice}.',
            '"{Everyone|Three people} {just walked by|went past without a word}," said [x].',
        ],
        [
            (
                "[H] {was a little afraid|was late already|was tired}, but [h.he] {stopped|could not just"
                " walk away|felt sorry for [x.him]}."
            ),
            (
                "[H] {thought for a moment|did not think twice|put down [h.his] bag|rolled up [h.his]"
                " sleeves}."
                if "hands" in s.hero.kind.tags
                else "[H] {thought for a moment|did not think twice|took a deep breath}."
            ),
            (
                '"{What should I do|Should I stop}?" thought [h]. "{I would want help too|I cannot leave'
                ' [x.him] here}."'
            ),
        ],
        [
            (
                "\"{Of course I will help you|Don't worry, I am here|Hold still, I can help|Let me help"
                ' you}," said [h].'
            ),
            '"You poor thing," said [h]. "{I will help you|This will not take long|Let me see}."',
            (
                '"{Stay calm|Don\'t be afraid}," said [h] {softly|gently|kindly}. "{I want to help|I am a'
                ' friend}."'
            ),
        ],
    )
    s.beat(
        [
            "So [h] [help].",
            "{It was hard work|It took a long time|It was not easy}, but [h] [help].",
            "Very {carefully|slowly|gently}, [h] [help].",
            "[H] [help]. {It was soon done.|It was late when the work was done.|}",
            "Then, with {all [h.his] strength|great care|a smile}, [h] [help].",
        ]
    )
    s.beat(
        [
            (
                '"Thank you," said [x]. "{I will never forget this|You have a kind heart|One day I will help'
                ' you too|You are a true friend}."'
            ),
            (
                '[X] {looked up|smiled|nodded}. "{Thank you for your kindness|I will not forget you|You are'
                ' very kind}," [x.he] said.'
            ),
            '"How can I thank you?" asked [x]. "{A smile is enough|There is no need}," said [h].',
        ]
    )
    s.paragraph()
    found = (
        []
        if reward.split(" ")[1] in ("promise", "song", "secret", "ride", "wet", "beautiful")
        else [
            "{The next day|A week later|Some days later}, [h] found {something by the door|a surprise at the"
            " door|a small gift}. It was [reward]."
        ]
    )
    s.beat(
        [
            *found,
            "Before [h.he] left, [x] gave [h.him] [reward].",
            (
                "{A few days|Many weeks} later, [h] {got lost in the fog|fell into a ditch|was in trouble}."
                " {Who came to help|Guess who came}? It was [x]!"
            ),
            (
                '{Then|Suddenly} [x] {laughed and began to glow|turned into a bright light}. "{I was testing'
                ' your heart|You have passed the test}," [x.he] said, and gave [h.him] [reward].'
            ),
            (
                "As a thank-you, [h] got [reward]. {[H.he] kept it always.|It was the best gift of"
                " all.|[H.he] was so surprised.}"
            ),
            (
                "{That winter|In the spring}, when [h] {was cold and hungry|needed a friend|was lost in the"
                " woods}, [x] came back and helped [h.him]."
            ),
        ]
    )
    s.end(
        [
            "Kindness always comes back to you.",
            (
                "[H] learned that {even a small kindness is never wasted|a kind heart is worth more than"
                " gold|helping others makes you happy}."
            ),
            "No act of kindness is ever too small.",
            "And [h] knew that it is {good to help others|always right to be kind}.",
            "If you help others, others will help you.",
        ],
        [e for e in ENDINGS if "[f]" not in e],
    )


def learning_a_skill(s):
    s.cast()
    fitting = [skill for skill in lex.SKILLS if skill.tags <= s.hero.kind.tags]
    skill = s.w.pick(fitting, 0.4)
    s.let(inf=skill.inf, ing=skill.ing, did=skill.past, fail=skill.fail, tip=skill.tip, success=skill.success)
    s.open()
    s.beat(
        [
            "[H.he] wanted to [inf] more than anything{| in the world}.",
            "More than anything, [h.he] wanted to learn to [inf].",
            "[H.he] had one big wish: [h.he] wanted to [inf].",
            "Everyone [h.he] knew could [inf], but [h.he] could not.",
            "[H.he] dreamed of [ing] {every night|all day long}.",
            "There was one thing [h] could not do. [H.he] could not [inf].",
            "[H.he] had never learned to [inf].",
            "One day, [h.he] saw [f.intro] who could [inf] so well.",
        ]
    )
    s.beat(
        [
            '"I want to learn to [inf]," [h.he] told [e].',
            '"Can you teach me to [inf]?" [h.he] asked [e].',
            '"I am going to learn to [inf]{| this summer| before winter comes}," said [h].',
            "One {day|morning}, [h] {made up [h.his] mind|decided to try}.",
            '"Today I will try to [inf]," [h.he] said one [@fineday] {morning|day}.',
        ]
    )
    s.paragraph()
    s.beat(
        [
            "The first time, [h.he] [fail].",
            "[H.he] tried, but [h.he] [fail].",
            "But it was {hard|not easy|harder than it looked}. [H.he] [fail].",
            "[H.he] took a deep breath and began. Oh no! [H.he] [fail].",
            "On the first day, [h.he] [fail]. {It was not a good start.|[H.he] felt silly.|}",
        ]
    )
    s.beat(
        [
            (
                'A friend named [f] laughed. "{You will never learn it|That was funny}," [f.he] said. {That'
                " hurt.|[H] felt sad.|[H] turned red.}"
                if s.friend.name
                else "Some of the others laughed at [h.him]. {That hurt.|[H] felt sad.|[H] turned red.}"
            ),
            '"I can\'t do it," said [h]. "{It is too hard|I am too small|I give up}."',
            '[H] {sat down|hung [h.his] head|wanted to give up}. "I will never [inf]," [h.he] said.',
            '[H] felt [@sad]. "Why is it so {hard|difficult}?" [h.he] asked.',
            (
                '[H.poss] {face was hot|eyes filled with tears}. "{It is no use|I am no good at this},"'
                " [h.he] said."
            ),
        ],
        0.8,
    )
    s.beat(
        [
            '"Don\'t give up," said [e]. "You have to [tip]."',
            (
                '[E] {smiled|came and sat next to [h.him]|put an arm around [h.him]}. "Listen," [e.he] said.'
                ' "The trick is to [tip]."'
            ),
            '"Nobody can do it the first time," said [e]. "{Try again, and [tip]|Just [tip]}."',
            'Then [e] {told [h.him] a secret|gave [h.him] some advice}. "[Tip]," [e.he] said.',
            '"When I was young, I could not do it either," said [e]. "Then I learned to [tip]."',
            'An old neighbor was watching. "[Tip]," the neighbor said with a {smile|wink}.',
        ]
    )
    s.beat(
        [
            "So [h] tried again. And again. And again.",
            (
                "[H] {practiced|tried} {every day|every morning|for three weeks|from morning until night},"
                " {even in the rain|even when [h.he] was tired|and never gave up}."
            ),
            "The next day, [h.he] tried again. It was {a little|a bit} better.",
            "[H] nodded and tried {again|once more}. This time it was {a little better|almost right}.",
            (
                "Day after day, [h] practiced. {Slowly, it got easier.|Little by little, [h.he] got"
                " better.|Some days were good, and some days were bad.}"
            ),
            "[H] {closed [h.his] eyes|took a deep breath} and tried it {slowly|again}, just like that.",
        ]
    )
    s.paragraph()
    s.beat(
        [
            "Then, one {day|morning|afternoon}, it worked. [H] [success]!",
            "And at last, [h] [success].",
            (
                "At the end of the {week|month|summer}, [h] [success]. {[H.he] could not believe it.|Everyone"
                " cheered.|}"
            ),
            "Suddenly, [h] could do it! [H.he] [success].",
            "And then it happened: [h] [success]!",
            "One day, without even thinking about it, [h] [success].",
        ]
    )
    s.beat(
        [
            '"I did it!" {shouted|cried|said} [h]. "{Look at me!|Did you see that?|I can [inf]!}"',
            '"You did it!" {said|cried} [e]. "I {am so proud of you|knew you could}."',
            (
                '[E] {clapped|laughed|cheered|was so proud}. "{Well done|I knew you could do it|That was'
                ' wonderful}, [h.call]!"'
            ),
            "Everyone clapped, and [h] felt {as tall as a tree|ten feet tall|very proud|like a star}.",
            (
                '[H.he] {laughed and laughed|jumped for joy|could not stop smiling}. "{It is easy now|I can'
                ' do it}," [h.he] said.'
            ),
        ]
    )
    s.end(
        [
            (
                "[H] learned that {you must never give up|practice makes perfect|everything is hard before it"
                " is easy|it is fine to make mistakes}."
            ),
            "If you keep trying, you will get there in the end.",
            (
                "And now, whenever something was hard, [h] {smiled and tried again|thought of that day|knew"
                " what to do}."
            ),
            "After that, [h] taught {others|all [h.his] friends} to [inf], too.",
        ],
        [e for e in ENDINGS if "[f]" not in e],
    )


def a_storm(s):
    s.cast()
    s.let(
        noise="{Boom|Crash|Bang|Boom, boom}",
        shelter=s.w.pick(
            [
                "a cave",
                "an old barn",
                "a hollow tree",
                "a small hut",
                "an empty cabin",
                "a stone bridge",
            ],
            0.6,
        ),
    )
    shelter_in = {"a stone bridge": "under the bridge"}.get(s.context["shelter"], "inside")
    s.let(
        inside=shelter_in,
        into="under a stone bridge" if shelter_in != "inside" else "into " + s.context["shelter"],
    )
    s.open()
    s.beat(
        [
            "One day, [h] went [place.to] with [f.intro].",
            "One [@fineday] {morning|day}, [h] and [h.his] friend, [f.intro], were playing [place.at].",
            "[H.his] best friend was [f.intro]. One day, they went [place.to].",
            "One day, [h.he] and a friend, [f.intro], walked [place.to] to see [sight].",
            "One afternoon, [h] {met|visited} [f.intro], and they went [place.to] together.",
        ]
    )
    s.beat(
        [
            "They looked at [sight] and [sight.b].",
            "They were having so much fun that they did not see the dark clouds.",
            "They played {hide and seek|tag|pirates|a guessing game} and laughed.",
            "At first, the sky was {blue|clear}. Then it {turned gray|grew dark}.",
            "They {ate some bread|told jokes|sang songs} and forgot the time.",
        ],
        0.8,
    )
    s.beat(
        [
            "Then {big|black|dark gray} clouds came, and the wind began to {blow|howl|roar}.",
            "Suddenly, the sky {turned black|grew dark|turned gray}. A storm was coming.",
            "Soon the wind grew {strong|stronger|cold}, and the first drops of rain fell.",
            (
                '"Look at the sky," said [f]. {It was as dark as night.|The clouds were black and low.|A'
                " storm was coming fast.}"
            ),
            'Far away, there was a low {rumble|sound}. "Is that thunder?" asked [h].',
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                '"[Noise]!" went the thunder. {Lightning flashed across the sky.|The rain came down hard.|The'
                " trees bent in the wind.}"
            ),
            "[Noise]! The thunder was so loud that the {ground|air|hills} shook.",
            (
                "Lightning lit up the {sky|hills|clouds}, and the rain {fell like stones|poured down|came"
                " down in sheets}."
            ),
            "The rain {poured|came down}, and the wind {howled|pushed them back|pulled at everything}.",
        ]
    )
    s.beat(
        [
            '"I\'m scared!" said [f].',
            '"{I want to go home|What should we do|We are going to get wet}," cried [f].',
            "[F] was [@scared] and began to {cry|shake|tremble}.",
            '"Hold on to me," said [h]. "We must find a dry place."',
            '[F] hid [f.his] face. "I don\'t like thunder," [f.he] said.',
        ]
    )
    s.beat(
        [
            '"{Come with me|Follow me|Quick|This way|Run}!" said [h]. They ran [into].',
            (
                '[H] looked around and saw [shelter]. "{In there|Over there|Look}!" [h.he]'
                " {shouted|cried|called}."
            ),
            "They ran as fast as they could and {found|came to} [shelter].",
            "[H] {took a deep breath|was scared too, but [h.he] stayed calm}. [H.he] led [f] [into].",
        ]
    )
    s.some_of(
        2,
        [
            (
                "It was {dry|dark but dry|small but dry} [inside]. They sat close together {and waited|to"
                " keep warm}."
            ),
            "There they sat and {listened to the rain|waited for the storm to pass|shook the water off}.",
        ],
        [
            (
                '"The storm is only {the sky clearing its throat|clouds bumping into each other|a lot of'
                ' noise and water}," said [h]. [F] {laughed|smiled a little|felt better}.'
            ),
            (
                "[H] told [f] a {funny|long|silly} story, and {soon they were laughing|the time went by"
                " quickly}."
            ),
            (
                '"Let\'s count the seconds after the lightning," said [h]. "One, two, three..." {Each time,'
                " the thunder was farther away.|The thunder was slower and slower to come.}"
            ),
            "They sang {a song|a loud song|every song they knew} so that they could not hear the thunder.",
        ],
        [
            (
                "A {wet|small|shaking} {bird|mouse|lamb|rabbit} was hiding there too. They {made room for"
                " it|kept it warm|let it sit between them}."
            ),
            "They shared {an apple|a piece of bread|a cookie|the last of the nuts} and felt better.",
        ],
        shuffled=True,
    )
    s.paragraph()
    s.beat(
        [
            "At last, the rain stopped. {The sun came out|The clouds moved on|Everything was still}.",
            (
                "After {an hour|a while|a long time}, the thunder went away and {the sun came out|the sky"
                " turned blue}."
            ),
            "Then it was quiet. Only {a few drops} were still falling.",
            (
                "Slowly, the storm moved {away over the hills|off to the sea|on}, and the {birds began to"
                " sing|sun came back}."
            ),
        ]
    )
    s.beat(
        [
            (
                '"{Look|See}, a rainbow!" said [f]. It {stretched over the hills|had seven colors|was bright'
                " and beautiful}."
            ),
            "A {big|bright|beautiful} rainbow stood over the [place].",
            "They {jumped in the puddles|splashed through the puddles|ran outside} all the way home.",
            "[E] was waiting for them with {dry towels|hot cocoa|warm soup|blankets}.",
            '"You were so brave," said [f]. "{Only because you were with me|I was scared too}," said [h].',
        ]
    )
    s.end(
        [
            (
                "[H] learned that {being brave does not mean you are never scared|every storm ends|it is good"
                " to have a friend in a storm}."
            ),
            "After that, [f] was never so afraid of thunder again.",
            "After every storm, the sun comes out again.",
            "Together, even a storm is not so bad.",
        ]
    )


def making_a_friend(s):
    s.cast()
    toy = s.thing(lex.TOYS)
    s.let(play=toy.play)
    s.open()
    s.beat(
        [
            "[H.he] had no one to play with, and that made [h.him] {sad|lonely|unhappy}.",
            "[H.he] was {often|sometimes|always} alone and wished for a friend.",
            "[H.he] wanted a friend more than anything.",
            "[H.he] was shy and did not {talk much|know many others}.",
            "[H.he] had a [o.full], but it was no fun to play alone.",
            '"I wish I had a friend," [h.he] {often said|said every night|told the moon}.',
            "Every day [h.he] played alone with [h.his] [o.full].",
        ]
    )
    s.weather(0.3)
    s.beat(
        [
            (
                "One day, [f.intro] {came to live next door|moved in nearby|came to live on the other side of"
                " the hill}."
            ),
            "One [@fineday] day, [h] went [place.to]. There [h.he] saw [f.intro].",
            (
                "One day, [h.he] {heard a soft sound|heard someone singing|saw something move} [spot]. It was"
                " [f.intro]."
            ),
            "One {morning|afternoon}, [f.intro] was sitting [spot], all alone.",
            "Then one day, [h.he] met [f.intro] [place.at].",
        ]
    )
    s.paragraph()
    s.some_of(
        2,
        [
            '[F] looked {lonely|sad|shy|friendly}. "{Should I say hello|Will [f.he] like me}?" thought [h].',
            (
                "[H] wanted to say hello, but {no word came out|[h.he] was too shy|[h.his] heart was beating"
                " fast}."
            ),
            "[F] {looked at the ground|did not say a word|hid behind a tree}.",
        ],
        [
            (
                '[H] {took a deep breath|was brave|smiled}. "Hello," [h.he] said. "{My name is [h]|I am [h]}.'
                ' {What is your name?|Who are you?}"'
                if s.hero.name
                else (
                    '[H] {took a deep breath|was brave|smiled}. "Hello," [h.he] said. "{Are you new here?|I'
                    ' live near here.|What is your name?}"'
                )
            ),
            (
                '"{Hello|Hi|Good morning}!" said [h]. "{Do you want to play?|Would you like to play with'
                ' me?|Can I sit here?}"'
            ),
            '[H] {waved|walked over|came a little closer}. "{Hello|Hi} there," [h.he] said.',
        ],
    )
    s.beat(
        [
            (
                '"{Yes|Oh yes}, please," said [f]. "{I don\'t know anyone here|I was hoping you would ask|I'
                ' have no friends here}."'
            ),
            '[F] {smiled|looked up|nodded}. "{I would like that|Yes|I was feeling lonely too}," [f.he] said.',
            (
                '"I am a little shy," said [f]. "{So am I|That\'s all right|Me too}," said [h], and they both'
                " laughed."
            ),
            (
                'At first [f] {was quiet|said nothing}. Then [f.he] smiled. "{Yes|All right}, let\'s play,"'
                " [f.he] said."
            ),
        ]
    )
    s.beat(
        [
            (
                '[H] showed [f] the [o.full]. {They took turns.|They played with it all day.|"It is so'
                ' {nice|pretty|fine}!" said [f].}'
            ),
            "They played with the [o.full]. [H] [play], and then it was [f.poss] turn.",
            '"You can play with my [o]," said [h]. [F] {was so happy|clapped|smiled}.',
            (
                "First, they played with the [o.full]. {Then they shared some food.|Then they looked for"
                " pretty stones.|Then they ran races.}"
            ),
        ]
    )
    s.beat(
        [
            (
                "They {ran|played|laughed} [place.at] {until the sun went down|all afternoon|and looked at"
                " [sight]}."
            ),
            "They found out that they both liked {stories|songs|jumping in puddles|counting stars|[@food]}.",
            "[F] told {funny stories|jokes}, and [h] laughed until [h.his] tummy hurt.",
            (
                "{Then|After a while}, it began to rain, but they {did not mind|just laughed|sat under a big"
                " leaf}."
            ),
            "[F] knew a {new game|funny song|secret path}, and [f.he] showed it to [h].",
        ],
        0.8,
    )
    s.paragraph()
    s.beat(
        [
            (
                '"{Will you come back tomorrow|Can we play again tomorrow|Will you be my friend}?" asked [f].'
                ' "{Yes|Of course|Every day}!" said [h].'
            ),
            'When it was time to go, [h] said, "{See you tomorrow|Come again soon|I had so much fun}!"',
            'That evening, [h] told [e], "I have a {new|real|best} friend!"',
            '"You are my {best|first|new} friend," said [h]. "And you are {mine|my best friend}," said [f].',
        ]
    )
    s.end(
        [
            (
                "[H] learned that {a simple hello can start a friendship|it is good to be brave and say"
                " hello|a friend can be very near}."
            ),
            "All it takes to make a friend is one kind word.",
            "A new friend is {better than any toy|the best gift of all}.",
            "And [h] was never lonely again.",
        ]
    )


def sharing(s):
    s.cast(without=("robot",))
    full, noun, part, taste = s.w.pick(lex.SHARE_FOODS, 0.5)
    plural = noun.endswith("s") and noun != "grass"
    s.let(
        food_full=full,
        food=noun,
        part=part,
        taste=taste,
        it="them" if plural else "it",
        they="they" if plural else "it",
        were="were" if plural else "was",
    )
    s.open()
    s.beat(
        [
            "One day, [e] gave [h.him] [food.full].",
            "One [@fineday] {morning|day}, [h.he] had [food.full] all to [h.himself].",
            "One day, [h.he] {got|found|was given} [food.full]. The [food] [were] so [taste].",
            "It was {[h.his] birthday|a feast day}, and [h.he] got [food.full].",
            "One {cold|warm|rainy} day, [h.he] made [food.full].",
            "One day, [h.he] carried [food.full] [place.to].",
        ]
    )
    s.beat(
        [
            (
                '"{Mmm|Yum|How good it smells}!" said [h]. "{This is all for me|I will eat [it] all by'
                ' myself|I will not share}."'
            ),
            "[H.he] wanted to eat [it] all alone.",
            "[H.he] sat down [spot] and {licked [h.his] lips|opened [h.his] mouth wide}.",
            "The [food] smelled so good that {[h.his] tummy rumbled|[h.he] could not wait}.",
            "[H.he] hid [spot] so that nobody could see [h.him].",
        ],
        0.85,
    )
    s.paragraph()
    s.beat(
        [
            (
                'Just then, [f.intro] came by. "{I am so hungry|I have not eaten all day|That smells good},"'
                " said [f]."
            ),
            (
                "Then [f.intro] {came|stopped} and looked at the [food]. [F.he] was {thin and hungry|very"
                " hungry}."
            ),
            (
                "[F.intro] was sitting {nearby|alone under a tree|by the path}. [F.he] had {nothing to eat|no"
                " lunch}."
            ),
            '"May I have some?" asked a small voice. It was [f.intro].',
        ]
    )
    s.some_of(
        2,
        [
            (
                "[H] {looked at the [food]|held the [food] close|thought about it}. It was hard to share"
                " something so good."
            ),
            (
                '"No, it is mine," said [h]. [F] {looked down and walked away|went away without a word}. {But'
                " then the [food] did not taste so good anymore.|[H] felt bad.}"
            ),
            "At first, [h] {said nothing|did not want to share|shook [h.his] head}.",
        ],
        [
            (
                'Then [h] {remembered|thought of} what [e] {always said|had told [h.him]}: "{Food tastes'
                ' better with a friend|Sharing is caring|What you share comes back to you}."'
            ),
            "[H] saw [f.poss] {sad|hungry} eyes and felt {a pain in [h.his] heart|sorry}.",
            '"{How would I feel|What if I were hungry}?" thought [h].',
        ],
    )
    s.beat(
        [
            (
                '"{Wait|Come here|Come and sit down}, [f.call]," said [h]. "{You can have|Here is|Please'
                ' take} [part]."'
            ),
            'So [h] gave [f] [part]. "{Here you are|This is for you|Enjoy}," [h.he] said.',
            '"{Let\'s share|We can share}," said [h], and [h.he] gave [f] [part].',
            (
                '[H] smiled and held out [part]. "{Eat|Take it}," [h.he] said. "There is enough for {two|both'
                ' of us}."'
            ),
        ]
    )
    s.beat(
        [
            (
                '"Thank you!" said [f]. "{This is the best thing I have ever tasted|It is so [taste]|You are'
                ' very kind}."'
            ),
            '[F] ate {slowly|every crumb|with a big smile}. "{Thank you|That was so good}," [f.he] said.',
            "They sat {side by side|in the sun|together} and ate. It tasted {better than before|wonderful}.",
            '[F.poss] {eyes shone|face lit up}. "Nobody has ever been so kind to me," [f.he] said.',
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                "{The next day|A week later}, [h] had {nothing to eat|no lunch}. Then [f] came with {a basket"
                ' of berries|some warm bread|a bag of nuts|a big pear}. "{Now it is my turn|This is for'
                ' you}," [f.he] said.'
            ),
            (
                "After lunch, [f] showed [h] {a secret path|a tree full of ripe fruit|the best place to"
                " swim|how to find wild berries}."
            ),
            "Then they {played|sang|told stories|rested} [place.at] until {evening|the sun went down}.",
            (
                "Soon more friends came, and everyone brought something: {nuts and berries|bread and"
                " jam|apples and cheese|milk and honey}. It was {a real feast|the best party ever}."
            ),
            (
                '"{You were kind to me|You shared with me}," said [f], "so I {brought you a gift|made'
                ' something for you}." It was a {crown of flowers|little wooden horse|pretty stone|warm'
                " scarf}."
            ),
        ]
    )
    s.end(
        [
            (
                "[H] learned that {sharing makes everything better|food tastes better when you share"
                " it|sharing makes two people happy}."
            ),
            "When you share, you always get something back.",
            "From then on, [h] always shared what [h.he] had.",
            "Half of something good with a friend is better than all of it alone.",
        ]
    )


def broken_thing_mended(s):
    s.cast(without=("adult",))
    toy = s.thing(lex.TOYS)
    s.let(play=toy.play, broken=toy.broken, cause=toy.cause, fix=toy.fix, tools=toy.tools)
    s.open()
    s.beat(
        [
            "[H.he] had a [o.full] that [h.he] loved. [H.he] [play].",
            "[H.his] favorite toy was a [o.full]. Every day, [h.he] [play].",
            "[E] gave [h.him] a [o.full]. [H.he] [play] and was very happy.",
            "[H.he] loved [h.his] [o.full]. [H.he] [play].",
            "For [h.his] birthday, [h.he] got a [o.full]. [H.he] [play].",
        ]
    )
    s.beat(
        [
            "One day, the [o] [cause]. When [h] picked it up, [broken].",
            "But one day, the [o] [cause]. Oh no! Now [broken].",
            "Then, one {rainy|windy|sunny} {day|afternoon}, the [o] [cause], and [broken].",
            "One day, [h] was not careful. The [o] [cause], and [broken].",
            "One day, {crash|bang}! The [o] [cause]. [H] looked at it, and [broken].",
        ]
    )
    s.paragraph()
    s.beat(
        [
            '[H] {cried|began to cry|was very sad}. "My [o] is broken!" [h.he] said.',
            '"Oh no, my [o]!" {cried|said} [h]. {Big tears ran down [h.his] face.|[H.he] was [@sad].}',
            "[H] {held the broken [o]|sat on the floor} and {cried|did not say a word}.",
            '"It is all my fault," said [h]. [H.he] was [@sad].',
        ]
    )
    s.some_of(
        1,
        [
            (
                "[H.he] tried to {fix it|put it together}, but {it was too hard|it did not work|[h.he] did"
                " not know how}."
            ),
            (
                '"{Throw it away|Just get a new one}," said [f.intro]. But [h] {shook [h.his] head|said no}.'
                ' "I don\'t want a new one," [h.he] said.'
            ),
            "[H.he] hid it {under the bed|in a box|behind the door} so that nobody would see it.",
        ],
    )
    s.beat(
        [
            (
                "{[E] saw it|[E] heard [h.him]|Then [e] came in}. \"{Don't cry. We can fix it|Let me see. I"
                ' think we can mend it|Things can be mended}," [e.he] said.'
            ),
            '"Can you help me?" [h] asked [e]. "{Let me see|Of course|We can try}," said [e].',
            (
                '[H] went to [e] {and showed [e.him] the [o]|with the broken [o]}. "Hmm," said [e]. "{We'
                ' need|Let us get} [tools]."'
            ),
            '[E] looked at the [o]. "{It is not so bad|We can mend this}," [e.he] said. "Bring me [tools]."',
        ]
    )
    s.beat(
        [
            (
                "They {sat down|worked} together {at the table|in the kitchen|by the window}. With [tools],"
                " they [fix]."
            ),
            "[E] showed [h] what to do, and together they [fix].",
            (
                "They took [tools] and {got to work|set to work}. {Slowly and carefully|After an hour|Step by"
                " step}, they [fix]."
            ),
            (
                "First they cleaned it. Then they [fix]. {At the end, it looked almost new.|[H] held it very"
                " still.|}"
            ),
        ]
    )
    s.beat(
        [
            '"{Now we must wait|Don\'t touch it yet}," said [e]. Waiting was {hard|the hardest part}.',
            (
                '[H] {watched|helped} {very closely|with both eyes open}. "{You are good at this|You have'
                ' clever hands}," said [e].'
                if "hands" in s.hero.kind.tags
                else "[H] watched very closely."
            ),
            "It took {all afternoon|a long time|until dinner}, but [h] did not mind.",
        ],
        0.6,
    )
    s.paragraph()
    s.beat(
        [
            (
                '{At last|In the end|Finally}, the [o] was {as good as new|whole again|mended}. "{Hooray|It'
                ' works|Thank you}!" {cried|said} [h].'
            ),
            '"{There|Done|All done}," said [e]. The [o] was {as good as new|even better than before}.',
            '"Look!" said [h]. "My [o.full] is whole again!" [H.he] hugged [e].',
            (
                "You could still see {a small line|where it had been broken}, but [h] {did not mind|loved it"
                " even more}."
            ),
        ]
    )
    s.beat(
        [
            "{Right away|At once}, [h] [play].",
            "[H] [play], just like before.",
            "Now [h] was {more careful|very careful} with it.",
            '"Next time, I will fix it myself," said [h].',
        ],
        0.8,
    )
    s.end(
        [
            (
                "[H] learned that {broken things can be mended|it is better to mend than to throw away|it is"
                " good to ask for help|a little patience can fix almost anything}."
            ),
            "Not everything that is broken must be thrown away.",
            "What we mend with our own hands, we love the most.",
        ],
        [e for e in ENDINGS if "[f]" not in e],
    )


def secret_place(s):
    s.cast()
    entrance, inside, special = s.w.pick(lex.SECRETS, 0.4)
    s.let(entrance=entrance, inside=inside, special=special)
    s.open()
    s.beat(
        [
            (
                "[H.he] {was very curious|loved to explore|wanted to know everything|liked to look into every"
                " corner}."
            ),
            "[H.he] loved secrets and adventures.",
            "[H.he] had looked into every corner and behind every bush, or so [h.he] thought.",
            "[H.he] liked quiet places where one could {think|dream}.",
            "[H.he] asked a hundred questions every day.",
        ]
    )
    s.beat(
        [
            (
                "One day, [h] followed a {butterfly|blue bird|white cat|tiny mouse|bee}. It led [h.him] to"
                " [entrance]."
            ),
            "One [@fineday] {day|morning}, [h.he] found [entrance].",
            (
                "One day, while [h.he] was {playing hide and seek|looking for a lost ball|picking"
                " berries|walking alone}, [h.he] {found|discovered|saw} [entrance]."
            ),
            (
                "One day, {the wind blew some leaves away|the rain had washed the dust away}, and there was"
                " [entrance]."
            ),
            "One afternoon, [h] turned a corner, and there was [entrance].",
        ]
    )
    s.beat(
        [
            '"{What is this|Where does it go|What can this be}?" {thought|whispered|said} [h].',
            (
                '[H.his] heart {beat fast|began to beat faster}. "{I have never seen this before,|Has it'
                ' always been here?}" [h.he] {thought|whispered}.'
            ),
            "[H] looked left. [H.he] looked right. {Nobody was there.|Nobody was watching.}",
            "[H.he] was [@scared], but [h.he] {wanted to know more|was also very curious}.",
        ],
        0.85,
    )
    s.paragraph()
    s.beat(
        [
            "Slowly, [h.he] {went in|went through|stepped closer and looked inside}. There was [inside].",
            "[H] {took a deep breath|held [h.his] breath} and went in. [H.he] found [inside].",
            "On the other side, there was [inside].",
            "[H] could not believe [h.his] eyes. There was [inside]!",
            "It was {dark|narrow|very quiet} at first. Then [h] saw [inside].",
        ]
    )
    s.beat(
        [
            "In the middle, there was [special].",
            "{In one corner|At the far end|In the shade} there was [special].",
            "And there was even [special].",
            "Best of all, there was [special].",
        ]
    )
    s.some_of(
        2,
        [
            "It was so quiet that [h.he] could hear {[h.his] own heart|a leaf fall|the bees}.",
            "{Soft light fell from above.|The air smelled of flowers and old stone.|It was warm and still.}",
            "It looked as if nobody had been there for a hundred years.",
        ],
        [
            '"This will be my secret place," said [h].',
            '"{I will come here every day|I will tell no one}," [h.he] {thought|whispered}.',
            "[H] sat down and {listened|looked around|smiled}. {It felt like a dream.|Time stood still.}",
        ],
    )
    s.paragraph()
    if s.w.chance(0.75):
        s.beat(
            [
                (
                    "Every day, [h] came back. But {after a while|one day}, [h.he] felt a little lonely. A"
                    " secret is {no fun|only half the fun} alone."
                ),
                (
                    "{For a week|For many days}, [h] told nobody. But it is {hard to keep a secret|no fun to"
                    " be alone}."
                ),
                "Then [h] thought of [f.intro] who was {always sad|sick|new in the village|often alone}.",
            ]
        )
        s.beat(
            [
                'So [h] took a friend there. "Close your eyes," [h.he] said. "{Now open them|Now look}!".',
                (
                    '"Can you keep a secret?" [h] asked [h.his] best friend one day. Then they went there'
                    " together."
                ),
                (
                    "The next day, [h] {showed it to a friend|took a friend by the hand and led the way}."
                    ' "{Wow|Oh}!" said the friend. "It is beautiful!"'
                ),
            ]
        )
        s.beat(
            [
                "From then on, they {met|played|read stories|dreamed} there every {day|week|Sunday}.",
                (
                    "Together they {cleaned it up|planted flowers|made a little table|hung up a lantern}, and"
                    " it was even more beautiful."
                ),
                'They made a promise: "{Only for friends|Our secret}!"',
            ]
        )
    else:
        s.beat(
            [
                (
                    'When [h] came home, [e] {smiled|winked}. "{I see you found it|When I was little, it was'
                    ' my secret place}," [e.he] said.'
                ),
                (
                    'That evening, [e] saw the dust on [h.his] nose and {smiled|laughed}. "I used to play'
                    ' there too," [e.he] {said|whispered}.'
                ),
            ]
        )
        s.beat(
            [
                "[H] {laughed|was so surprised}. Now it was a secret for two.",
                '"You knew?" asked [h]. "{Of course|I made that path}," said [e].',
            ]
        )
    s.end(
        [
            "A secret place is even better with a friend.",
            (
                "[H] learned that {the world is full of wonders|wonderful things are often very near|a little"
                " courage can open many doors}."
            ),
            "And nobody else ever found it. Or maybe someone did, and kept it secret too.",
        ],
        [e for e in ENDINGS if "[f]" not in e],
    )


def mistake_and_apology(s):
    s.cast(without=("robot",))
    did, about, amends = s.w.pick(lex.MISTAKES, 0.4)
    s.let(did=did, about=about, amends=amends)
    s.open()
    s.beat(
        [
            "[H.his] best friend was [f.intro].",
            "[H.he] had a good friend, [f.intro].",
            "[H.he] often played with [f.intro].",
            "Next door lived [f.intro], and they were {good|best} friends.",
            "[H.he] and [h.his] friend, [f.intro], did everything together.",
        ]
    )
    s.beat(
        [
            "One day, by accident, [h] [did].",
            "But one day, [h] [did].",
            (
                "One {rainy|busy|hot|long} day, [h] {was careless|was in a bad mood|was not thinking}. [H.he]"
                " [did]."
            ),
            "Then, one day, [h] made a mistake. [H.he] [did].",
            "One afternoon, when nobody was looking, [h] [did].",
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                'When [f] saw it, [f.he] was very {sad|upset|angry}. "{Who did this|Did you do this|How could'
                ' this happen}?" [f.he] asked.'
            ),
            (
                '[F] {began to cry|was very angry|turned away}. "{Why did you do that|How could you}?" [f.he]'
                " asked."
            ),
            "Soon [f] found out. [F.his] eyes {filled with tears|grew wide}.",
            '"Do you know what happened?" asked [f]. [F.he] was close to tears.',
        ]
    )
    s.beat(
        [
            '"It was not me," said [h]. But it was a lie, and [h.he] knew it.',
            "[H] {looked at the ground|said nothing|ran away and hid}.",
            "[H] {blamed the wind|said that it was the wind}. But [h.his] {face turned red|cheeks were hot}.",
            (
                '[H] was {scared|afraid}. "If I tell the truth, [f.he] will not be my friend anymore," [h.he]'
                " thought."
            ),
        ],
        0.85,
    )
    s.some_of(
        2,
        [
            "That night, [h] could not sleep. [H.his] {tummy hurt|heart felt heavy|pillow felt hard}.",
            "[H] did not feel like {eating|playing|laughing}. There was a stone in [h.his] {heart|tummy}.",
            (
                "All day, [h] felt bad. {The sun was shining, but [h.he] did not see it.|Nothing was fun"
                " anymore.}"
            ),
        ],
        [
            (
                '"What is wrong?" asked [e]. [H] told [e.him] everything. "{Tell the truth and say'
                ' sorry|Everyone makes mistakes. What matters is what you do next}," said [e].'
            ),
            (
                '[E] saw that something was wrong. "{A mistake is only bad if you hide it|Saying sorry takes'
                ' courage}," [e.he] said.'
            ),
            'Then [e] said, "It is never too late to say sorry."',
        ],
    )
    s.paragraph()
    s.beat(
        [
            (
                'The next {day|morning}, [h] went to [f]. "I am sorry," [h.he] said. "{It was my fault|I was'
                ' wrong|I did it, and I should have told you}."'
            ),
            (
                'So [h] {took a deep breath|was brave} and went to [f]. "I have to tell you something,"'
                ' [h.he] said. "It was me. I am {so|very} sorry."'
            ),
            '[H] ran to [f]. "{Please forgive me|I am sorry}," [h.he] said. "I will make it right."',
            (
                'With a {red face|small voice}, [h] said to [f], "I am sorry. {I did not mean to hurt you|I'
                ' was afraid to tell the truth}."'
            ),
        ]
    )
    s.beat(
        [
            "Then [h] [amends].",
            "To make it right, [h] [amends].",
            "And to show that [h.he] meant it, [h.he] [amends].",
            "After that, [h] [amends]. {It took a long time, but it was worth it.|}",
        ]
    )
    s.beat(
        [
            (
                '[F] {was quiet for a moment|looked at [h] for a long time}. Then [f.he] smiled. "{I forgive'
                ' you|Thank you for telling me the truth|It is all right}."'
            ),
            (
                '"{I forgive you|That was brave of you|Thank you}," said [f]. They {hugged|shook hands|were'
                " friends again}."
            ),
            '"I was sad," said [f], "but I am {happy|glad} that you told me."',
            (
                '[F] {gave [h] a hug|laughed}. "{Friends forgive each other|Let\'s forget it and play},"'
                " [f.he] said."
            ),
        ]
    )
    s.end(
        [
            (
                "[H] learned that {it is always best to tell the truth|saying sorry is the first step|a true"
                " friend forgives|honesty makes the heart light}."
            ),
            "Everyone makes mistakes, but it takes courage to say sorry.",
            "After that, [h] always told the truth, even when it was hard.",
            "The truth made [h] feel {as light as a feather|free}.",
        ]
    )


def contest(s):
    s.cast()
    fitting = [c for c in lex.CONTESTS if not c[3] or c[3] in s.hero.kind.tags and c[3] in s.friend.kind.tags]
    name, effort, winner, _ = s.w.pick(fitting, 0.4)
    s.let(
        contest=name,
        the_contest="the " + name.split(" ", 1)[1],
        effort=effort,
        winner=winner,
        prize=s.w.pick(lex.PRIZES, 0.6),
    )
    s.context["the"] = s.context["the.contest"]
    s.open()
    s.beat(
        [
            "One day, there was [contest] in the village. The prize was [prize].",
            (
                'One {day|morning}, there was a sign on a tree: "[Contest] on {Sunday|Saturday}! The prize is'
                ' [prize]."'
            ),
            "Every {year|summer|spring}, there was [contest], and the winner got [prize].",
            '"There will be [contest]!" {cried|said} everyone. "And the prize is [prize]!"',
            "[E] told [h.him] about [contest]. The winner would get [prize].",
        ]
    )
    s.beat(
        [
            "[H] wanted to win{| very much| more than anything}.",
            '"I want to win," said [h].',
            '"I will try it," said [h], but [h.he] was {a little nervous|not sure}.',
            "[H] {practiced|got ready} {every day|from morning until night|for a whole week}.",
            "[H] had never {won anything|been in a contest} before.",
        ]
    )
    s.beat(
        [
            (
                '[F.intro] wanted to win too. "{I am the best|Nobody can beat me|You have no chance}," [f.he]'
                " said."
            ),
            '[H.his] friend, [f.intro], wanted to win too. "May the best one win," [f.he] said.',
            (
                "The strongest rival was [f.intro]. {[F.he] had won the year before.|Everyone thought [f.he]"
                " would win.}"
            ),
            '"You are too {small|slow|young}," laughed [f.intro]. [H] said nothing.',
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                "At last, the big day came. {Everyone was there.|The whole village came to watch.|Flags were"
                " waving in the wind.}"
            ),
            "On the big day, {the sun was shining|it was warm and bright|there was music everywhere}.",
            (
                '"{Ready, set, go|One, two, three, go|Let the contest begin}!" called the judge, {an old'
                " goose|an old man|a big brown bear|a wise old owl}."
            ),
        ]
    )
    s.beat(
        [
            "[H] [effort]. [F] tried hard, too.",
            "[F] went first and was very good. Then it was [h.poss] turn. [H.he] [effort].",
            "[H] [effort]. [H.his] heart was beating fast.",
            "{Everyone cheered|The crowd cheered} as [h] [effort].",
        ]
    )
    style = s.w.pick(["kind", "wins", "loses", "tie"], 0.3)
    if style == "kind":
        s.beat(
            [
                (
                    'But in the middle of it all, [f] fell and hurt [f.his] foot. [H] stopped at once. "{Are'
                    ' you all right|Can you get up}?" [h.he] asked, and helped [f] up.'
                ),
                (
                    "Then [h] saw that [f] was {crying|in trouble}. [H.he] {stopped and went to help|forgot"
                    " the prize and ran to [f]}."
                ),
            ]
        )
        s.paragraph()
        s.beat(
            [
                (
                    'Someone else won [prize]. But the judge {smiled|held up a hand}. "{There is a special'
                    ' prize for the kindest heart|Today we have two winners}," the judge said, and gave a'
                    " {medal|crown of flowers|big hug} to [h]."
                ),
                (
                    '[H] did not win. But [f] said, "{You are the real winner|You won my heart}," and'
                    " everyone clapped."
                ),
            ]
        )
        morals = [
            "Being kind is better than winning.",
            (
                "[H] learned that {a kind heart is the best prize|helping a friend is more important than"
                " winning}."
            ),
        ]
    elif style == "wins":
        s.paragraph()
        s.beat(
            [
                (
                    "And the winner was... [h]! {Everyone cheered.|[H.he] could not believe it.} [H.he] was"
                    " [winner]."
                ),
                "At the end, the judge {called out|read out} [h.poss] name. [H] had won [prize]!",
                '[H] was [winner]. "{I won|I did it}!" [h.he] {cried|shouted}.',
            ]
        )
        s.beat(
            [
                (
                    '[F] was {sad|quiet} at first. Then [f.he] {smiled|shook [h.poss] hand}. "{Well done|You'
                    ' were great}," [f.he] said.'
                ),
                '"{I was wrong about you|You were better than me}," said [f]. "{Well done|Good for you}!"',
                "[H] {hugged|thanked} [f], and they both smiled.",
            ]
        )
        morals = [
            "Hard work pays off in the end.",
            (
                "[H] learned that {even the small ones can win|practice makes the difference|you should"
                " believe in yourself}."
            ),
            "It is good to win, but it is better to win with friends.",
        ]
    elif style == "loses":
        s.paragraph()
        s.beat(
            [
                (
                    "In the end, [f] won. [H] was {sad|a little sad}, but [h.he] {clapped|smiled and clapped}"
                    " anyway."
                ),
                (
                    "[F] won [prize]. [H] came {second|third|last}. {A tear ran down [h.his] face.|It was"
                    " hard to smile.|}"
                ),
                "[H] did not win. [F] was [winner].",
            ]
        )
        s.beat(
            [
                (
                    '"{Well done|Congratulations}, [f.call]," said [h]. [F] {smiled|was surprised}. "{You'
                    ' were good too|Next time it will be you}," [f.he] said.'
                ),
                '[E] hugged [h.him]. "{You did your best|I am proud of you}," [e.he] said.',
                (
                    '"{Did you have fun|Did you do your best}?" asked [e]. [H] thought about it. "Yes,"'
                    " [h.he] said, and smiled."
                ),
            ]
        )
        morals = [
            (
                "[H] learned that {it is fine to lose|doing your best is what counts|having fun is more"
                " important than winning}."
            ),
            "You cannot win every time, but you can always do your best.",
            "And next year, [h] would try again.",
        ]
    else:
        s.paragraph()
        s.beat(
            [
                (
                    'At the end, the judge {smiled at both of them|could not decide}. "{It is a tie|You both'
                    ' win}," the judge said.'
                ),
                (
                    "In the end, [h] and [f] {were equally good|finished at the very same time}. There were"
                    " two winners!"
                ),
            ]
        )
        s.beat(
            [
                "They {laughed and shared|shared} [prize].",
                '"{We both won|Let\'s share the prize}," said [h]. [F] {nodded|laughed|agreed}.',
            ]
        )
        morals = [
            "Sharing a prize is twice the fun.",
            "[H] learned that {there can be more than one winner|a rival can become a friend}.",
        ]
    s.end(morals)


def sick_friend(s):
    s.cast(without=("robot",))
    gift, gift_noun = s.w.pick(lex.REMEDIES, 0.5)
    s.let(gift=gift, gift_noun=gift_noun, ill=s.w.pick(lex.ILLNESSES, 0.6))
    s.open()
    s.beat(
        [
            (
                "[H.his] best friend was [f.intro]. They {played together every day|did everything"
                " together|met every morning}."
            ),
            "Every {day|morning}, [h.he] played with [f.intro].",
            "[H.he] had a dear friend, [f.intro].",
            "[H.he] and a friend, [f.intro], met every day [place.at].",
        ]
    )
    s.beat(
        [
            "One day, [f] did not come. [H] {waited and waited|waited for a long time}.",
            'But one {morning|day}, [f] was not there. "{Where is [f]|Is something wrong}?" thought [h].',
            "One {cold|rainy|gray} day, [h] heard that [f] was sick.",
            (
                "One day, [h] knocked on [f.poss] door. Nobody opened. {Then [h.he] heard a cough.|It was"
                " very quiet.}"
            ),
        ]
    )
    s.beat(
        [
            "[F] was in bed with [ill].",
            "[F] had [ill] and had to stay in bed.",
            '"[F] has [ill]," said [f.poss] mother. "[F.he] must stay in bed."',
            '[H] found [f] in bed. "I have [ill]," [f.he] said {softly|in a weak voice}.',
        ]
    )
    s.paragraph()
    s.some_of(
        2,
        [
            "[H] was [@sad]. It was no fun to play alone.",
            "[H] felt sorry for [f].",
            "[H] {went [place.to] alone|tried to play alone}, but it was {too quiet|not the same}.",
        ],
        [
            (
                '"{What can I do|How can I help}?" [h.he] asked [e]. "{Bring something nice|A visit is the'
                ' best medicine}," said [e].'
            ),
            (
                '"I must {do something|help}," [h.he] thought. {Then [h.he] had an idea.|[H.he] thought and'
                " thought.}"
            ),
            '"I know what to do," said [h].',
        ],
    )
    s.beat(
        [
            "So [h] {got|found} [gift] and went to [f].",
            "[H] {brought|took} [f] [gift].",
            "[H.he] put [gift] in a bag and {walked|ran} all the way to [f].",
            "The next day, [h] came to [f.poss] bed with [gift].",
        ]
    )
    s.beat(
        [
            '"This is for you," said [h]. [F] {smiled for the first time that day|sat up a little}.',
            '"{Oh, thank you|How kind of you}," said [f]. "I feel better already."',
            "[F] {looked at the [gift.noun] and smiled|took the [gift.noun] and smiled}.",
            '"You came!" said [f], and [f.his] eyes {shone|were bright}.',
        ]
    )
    s.beat(
        [
            "[H] sat by the bed and {told funny stories|read a story|sang a soft song|told [f] the news}.",
            "Then [h] {made funny faces|told a joke|did a silly dance} until [f] laughed.",
            "[H] stayed until [f] fell asleep.",
            "Every day, [h] came back with {a new story|a flower|a joke|a smile}.",
        ],
        0.85,
    )
    s.paragraph()
    s.beat(
        [
            "{After three days|A few days later|The next week|At last}, [f] was well again.",
            "Day by day, [f] got better. {Soon [f.he] was out of bed.|}",
            "One morning, there was a knock on [h.poss] door. It was [f]! [F.he] was well again.",
            "Soon [f] could {run and play|jump and laugh} again.",
        ]
    )
    s.beat(
        [
            '"You are the best {medicine|friend in the world}," said [f].',
            "They {ran|went} [place.to] and {played all day|looked at [sight]}.",
            (
                '"Thank you for taking care of me," said [f]. "{That is what friends are for|You would do the'
                ' same}," said [h].'
            ),
            (
                'Then [h] {sneezed|began to cough}. "{Oh no|Now it is my turn}," [h.he] said, and [f]'
                " {laughed|went to make some soup}."
            ),
        ]
    )
    s.end(
        [
            "A good friend is the best medicine.",
            (
                "[H] learned that {a little kindness can make someone feel better|being there for a friend is"
                " what counts|time with a friend is a great gift}."
            ),
            "True friends stay, even on the bad days.",
        ]
    )


def night_fear(s):
    s.cast()
    wild = "wild" in s.hero.kind.tags or s.hero.kind.home.find("forest") >= 0
    what, truth = s.w.pick(
        (
            lex.WILD_FEARS
            if wild or s.hero.kind.group == "animal" and "pet" not in s.hero.kind.tags
            else lex.FEARS
        ),
        0.4,
    )
    s.let(what=what, truth=truth)
    s.open()
    s.beat(
        [
            "[H.he] was {afraid of|scared of} the dark.",
            "[H.he] {liked the day|loved the sun}, but [h.he] did not like the night.",
            "By day [h.he] was brave, but at night [h.he] was [@scared].",
            "Every evening, when the sun went down, [h] {felt|grew} nervous.",
            "[H.he] could never fall asleep {quickly|without a light}.",
        ]
    )
    s.beat(
        [
            "One {dark|windy|cold|quiet} night, there was [what].",
            "One night, [h] woke up. There was [what]!",
            "One night, when everything was quiet, [h.he] {noticed|suddenly noticed} [what].",
            "It was a night without {a moon|stars}. Then there was [what].",
            "That night, the wind was blowing. Suddenly there was [what].",
        ]
    )
    s.paragraph()
    s.some_of(
        2,
        [
            '"{What is that|Who is there|Is it a monster}?" {whispered|asked} [h].',
            '"{It must be a monster|It is a ghost}," thought [h].',
            '"Help!" [h] {wanted to shout|whispered}, but {no sound came out|nobody heard it}.',
        ],
        [
            "[H.his] heart went {boom, boom, boom|thump, thump, thump}.",
            "[H.he] {closed [h.his] eyes tight|shook all over|did not dare to move|held [h.his] breath}.",
            "[H.he] was so scared that [h.he] {could not move|began to count to ten}.",
        ],
    )
    s.beat(
        [
            (
                "{At last|In the end}, [h.he] called [e]. {[E] came at once.|[E] came with a little lamp.}"
                ' "{What is it|What is wrong}, [h.call]?" [e.he] asked.'
            ),
            (
                '[E] {heard [h.him]|woke up} and came {to see|with a light}. "{Are you scared|What is the'
                ' matter}?" [e.he] asked {softly|gently}.'
            ),
            '"[E.call]! There is something {in the dark|out there}!" {cried|called} [h].',
        ]
    )
    s.beat(
        [
            '"Let\'s look together," said [e]. They {went closer|took a small light}, step by step.',
            (
                '"{We will go and see|Come, let us find out}," said [e]. [H] {took a deep breath|was scared,'
                " but [h.he] nodded}."
            ),
            '"Sometimes the dark plays tricks on us," said [e]. "{Look again|Come and see}."',
            '"Fear gets smaller when you look at it," said [e].',
        ]
    )
    s.paragraph()
    s.beat(
        [
            "And what was it? It was [truth]!",
            "There was no monster at all. It was [truth].",
            "[H] opened [h.his] eyes and looked. It was [truth].",
            "They came closer and closer. It was [truth]. [H] {had to laugh|laughed out loud|felt silly}.",
            '"{Look|See}!" said [e]. "It was [truth]."',
        ]
    )
    s.beat(
        [
            '"{It was so small|That is not scary at all}," said [h], and {laughed|they both laughed}.',
            '[H] laughed. "I was afraid of nothing," [h.he] said.',
            '"In the dark, everything looks {bigger|strange}," said [e].',
            '"{Good night|Sleep well}, {my dear|my brave one|[h.call]}," said [e] {softly|with a smile}.',
        ]
    )
    s.beat(
        [
            "[E] {sang a soft song|told [h.him] a story about the stars|stayed until [h.he] was asleep}.",
            (
                'Together they looked at the {moon|stars}. "The moon {watches over us|is the night\'s lamp},"'
                " said [e]."
            ),
            "Soon [h] was {fast asleep|asleep again}.",
            "From then on, [h.he] had a little {lamp|night light} for dark nights.",
        ],
        0.8,
    )
    s.end(
        [
            (
                "[H] learned that {the dark is nothing to be afraid of|most scary things are small in the"
                " light|it helps to look at what you fear|the night has its own friends}."
            ),
            "Often, the things we fear are not so bad at all.",
            "After that, [h] was never so afraid of the dark again.",
            "The next time [h.he] heard a strange sound, [h] just smiled and went back to sleep.",
        ],
        [
            "[H] slept {deeply|well} until the sun came up.",
            "And [h] dreamed of {the moon|soft clouds|a field of stars|a ship made of light} until morning.",
            "In the morning, the sun was shining, and [h] {felt very brave|laughed about it}.",
            "That night, [h] {slept well|fell asleep with a smile}.",
        ],
    )


def planting_a_seed(s):
    s.cast()
    seed, plant, growth, fruit = s.w.pick(lex.PLANTS, 0.4)
    s.let(seed=seed, plant=plant, growth=growth, fruit=fruit)
    s.open()
    s.beat(
        [
            "One day, [h.he] found a small [seed].",
            "One {spring day|day in spring|morning}, [e] gave [h.him] a [seed].",
            "One day, [h.he] got a tiny [seed] from [f.intro].",
            (
                "In [h.his] pocket there was a [seed]. [H.he] did not know where it came from."
                if "hands" in s.hero.kind.tags
                else "One day, the wind brought a [seed] and dropped it right in front of [h.him]."
            ),
            "At the market, [h.he] saw a [seed]. It was {small and brown|tiny}, but [h.he] liked it.",
        ]
    )
    s.beat(
        [
            (
                '"{What is this|What will it be}?" [h.he] asked. "{Plant it and see|Be patient, and you will'
                ' see}," said [e].'
            ),
            '"It is so small," said [h]. "{Every big plant was small once|Just wait}," said [e].',
            '"I will plant it," said [h].',
            '"Such a little thing can grow," said [e], "if you take care of it."',
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                "[H] dug a {small|little|deep} hole, put in the [seed], and covered it with {earth|soil|soft"
                " dirt}."
            ),
            (
                "So [h] {made a hole in the ground|found a sunny place}, planted the [seed], and gave it some"
                " water."
            ),
            (
                "[H] planted it {in the garden|near the door|in a sunny place|by the fence} and {sang it a"
                " song|gave it water}."
            ),
        ]
    )
    s.some_of(
        3,
        [
            "Every {day|morning}, [h.he] gave it water.",
            "[H.he] watered it every {day|evening} and talked to it.",
            "Every morning, [h] ran out to look.",
        ],
        [
            "But nothing happened. {One day went by. Two days went by.|A whole week went by.}",
            "The first day, nothing happened. The second day, nothing happened.",
            '"Why does it not grow?" asked [h].',
        ],
        [
            '"{You must be patient|Good things take time|Give it time}," said [e].',
            '[H] was sad and wanted to {dig it up|give up}. "Wait a little longer," said [e].',
            '"{Maybe it is asleep|It is growing under the ground}," said [e].',
        ],
        [
            (
                "{Some birds|A hungry crow|A snail} came and wanted to eat it, but [h] {was on guard|said,"
                ' "Shoo!"}.'
            ),
            (
                "Then it {did not rain|was very hot} for a long time. [H] carried water from the"
                " {well|river|stream}."
            ),
            "One night, there was a {storm|frost}. [H] covered the place with {leaves|a blanket|straw}.",
        ],
        shuffled=True,
    )
    s.beat(
        [
            "Then, one morning, there was {a tiny green leaf|something green}!",
            (
                'One day, a little green {leaf|shoot} came out of the ground. "{Look|It is alive|Hello}!"'
                " {cried|shouted|said} [h]."
            ),
            "And then, at last, a tiny {shoot|leaf} looked out of the ground.",
        ]
    )
    s.paragraph()
    s.beat(
        [
            "It grew and grew. {Soon|After some time}, it was a [plant], [growth].",
            "{Week by week|Day by day}, it grew. It was a [plant], and it grew [growth].",
            "The sun and the rain helped, and a [plant] grew, [growth].",
            "The little shoot became a [plant] and grew [growth].",
        ]
        if not growth.startswith(("taller", "green", "full", "low", "straight"))
        else [
            "It grew and grew. {Soon|After some time}, there was a [plant], [growth].",
            "{Week by week|Day by day}, it grew. It was a [plant], [growth].",
            "The sun and the rain helped, and soon there was a [plant], [growth].",
        ]
    )
    s.beat(
        [
            (
                "{At the end of the summer|In the autumn|One fine day|When the time came}, there was [fruit]."
                " [H] was so [@glad]."
                if not fruit.endswith("s")
                else (
                    "{At the end of the summer|In the autumn|One fine day|When the time came}, there were"
                    " [fruit]. [H] was so [@glad]."
                )
            ),
            "And in the end, it gave [h.him] [fruit].",
            'At last, [h] had [fruit]. "{Look what we made|I grew this}!" [h.he] said.',
        ]
    )
    s.beat(
        [
            (
                "[H] {called everyone|invited all the neighbors}, and they {sat around it and sang|were"
                " amazed|clapped}."
            ),
            '"You {waited and worked|were patient}," said [e], "and this is your {prize|reward}."',
            "[H] kept {one seed|a few seeds} for {the next year|a friend}.",
            "Everyone came to see it, and [h] was very proud.",
        ]
    )
    s.end(
        [
            (
                "[H] learned that {good things take time|big things start small|patience is rewarded|if you"
                " take care of something, it will grow}."
            ),
            "Great things grow from small seeds.",
            "With sun, water, and patience, everything grows.",
        ],
        [e for e in ENDINGS if "[f]" not in e],
    )


def magic_object(s):
    s.cast(needs="hands")
    magic = next((m for m in lex.MAGICS if m.thing == s.wishes.get("magic")), None) or s.w.pick(
        lex.MAGICS, 0.3
    )
    giver = s.w.pick(
        [
            "an old woman",
            "an old man with a long beard",
            "a tiny fairy",
            "a talking owl",
            "a strange traveler",
            "a white bird",
            "a little gnome",
        ],
        0.5,
    )
    s.let(
        m=magic.thing,
        m_full=f"{s.w.pick(magic.adjectives)} {magic.thing}",
        power=magic.power,
        wish=magic.wish,
        rule=magic.rule,
        broke=magic.broke,
        harm=magic.harm,
        cure=magic.cure,
        giver=giver,
        x="the " + giver.split(" with")[0].split(" ", 1)[1],
    )
    s.open()
    s.beat(
        [
            "[H.he] was {poor|not rich}, but [h.he] was kind to everyone.",
            "[H.he] had {always|often} dreamed of magic.",
            "One thing [h.he] loved was a good adventure.",
            "[H.he] worked hard every day.",
        ],
        0.6,
    )
    s.beat(
        [
            'One day, [h] met [giver]. "You have a good heart," said [x]. "Take this [m.full]."',
            (
                'One day, [h] helped [giver] {across the river|carry some wood|find the road}. "Thank you,"'
                ' said [x]. "This [m.full] is for you."'
            ),
            (
                "One {dark|snowy|rainy} evening, [giver] knocked at the door. [H] gave {the guest|the"
                " visitor} a warm place by the fire. In the morning, there was a [m.full] on the table, and a"
                " note."
            ),
            (
                "One day, [h] found a [m.full] {under an old tree|in the sand|in the attic|at the bottom of a"
                " box}. Next to it stood [giver]."
            ),
        ]
    )
    s.beat(
        [
            '"It can [power]," said [x]. "But you must [rule]."',
            '"It is magic," said [x]. "It can [power]. But there is one rule: [rule]."',
            '"With it, you can do great things. It can [power]," said [x]. "Only remember: [rule]."',
        ]
    )
    s.beat(['"I promise," said [h].', "[H] {nodded|promised}.", '"I will remember," said [h].'], 0.7)
    s.paragraph()
    s.beat(
        [
            "[H] tried it out {at once|the very same day|the next morning}. It worked! [H.he] [wish].",
            "At first, [h] used it well. [H.he] [wish].",
            "The next day, [h] [wish]. {Everyone was amazed.|Everyone was happy.|}",
            "With the [m], [h] [wish].",
        ]
    )
    s.beat(
        [
            "But {after a while|soon|one day}, [h] [broke].",
            "Then, one day, [h] forgot the rule. [H.he] [broke].",
            "But then [h] {grew careless|grew proud|was foolish}. [H.he] [broke].",
            '"{Just this once|Nobody will know}," thought [h] one day. [H.he] [broke].',
        ]
    )
    s.beat(
        [
            "At once, [harm].",
            "Suddenly, [harm].",
            "Oh no! [Harm].",
            "And what happened? [Harm]!",
        ]
    )
    s.paragraph()
    s.beat(
        [
            '"{Oh no, what have I done|Help|Oh dear}!" {cried|said} [h].',
            '[H] was [@scared]. "I should have {listened|kept my promise}," [h.he] said.',
            (
                '"{Stop it|Please stop|I am sorry}!" cried [h]. {Now [h.he] remembered the rule.|But it was'
                " not so easy.}"
            ),
        ]
    )
    s.beat(
        [
            "In the end, [h] [cure].",
            "[H] thought {quickly|hard}. Then [h.he] [cure]. {Everything was quiet again.|And it was over.}",
            "[H] did the only right thing: [h.he] [cure].",
        ]
    )
    s.beat(
        [
            '"Magic is {not a toy|a gift for the wise}," said a voice. It was [x].',
            '[X] {smiled|shook a finger}. "Now you know," said [x].',
            "After that, [h] used the [m] {only for good things|very carefully|only to help others}.",
            '[H] gave the [m] back. "{I don\'t need magic|I will use my own two hands}," [h.he] said.',
        ]
    )
    s.end(
        [
            (
                "[H] learned that {a promise is a promise|rules have a reason|magic cannot do"
                " everything|being greedy never pays}."
            ),
            "From then on, [h] always kept [h.his] promises.",
            "And that was the last time [h] forgot a rule.",
        ],
        [e for e in ENDINGS if "[f]" not in e],
    )


def journey(s):
    s.cast()
    wanted = s.wishes.get("destination")
    dest = next((d for d in lex.DESTINATIONS if d.noun == wanted), None) or s.w.pick(lex.DESTINATIONS, 0.5)
    way = s.w.sample(dest.way, 3, 0.4)
    there = s.w.sample(dest.there, 2, 0.4)
    if dest.noun == "the moon":
        travel = (
            "{flew higher and higher|built a little rocket and flew up into the sky|climbed a ladder made of"
            " moonlight}"
        )
    elif dest.noun == "the island":
        travel = "{sailed across the blue water|rowed a small boat out to sea|sailed on a little raft}"
    else:
        travel = "{walked all day|walked and walked|followed the long road|set off early}"
    s.let(
        dest=dest.noun,
        way=way[0],
        way_b=way[1],
        there=there[0],
        there_b=there[1],
        look=dest.sight,
        gift=s.w.pick(dest.souvenir),
        travel=travel,
    )
    s.open()
    s.beat(
        [
            "[H.he] had never seen [dest].",
            "[H.he] wanted to see [dest] {more than anything|at least once}.",
            "[H.he] had heard many stories about [dest].",
            (
                '"What is [dest] like?" [h.he] often asked. [E] always said, "You must see it with your own'
                ' eyes."'
            ),
            "Every night, [h.he] dreamed of [dest].",
            "[H.he] had a map of [dest] on the wall.",
        ]
    )
    s.beat(
        [
            (
                'One day, [h] {packed a small bag|packed some bread and a blanket} and said, "{I am going to'
                ' [dest]|Today is the day}."'
            ),
            (
                '"I am going to [dest]," said [h] one {morning|day}. "{Be careful|Come back soon|Take a warm'
                ' coat}," said [e].'
            ),
            "One [@fineday] morning, [h.he] {set out|left home} for [dest].",
            '"Let\'s go to [dest]!" said [h]. So the journey began.',
        ]
    )
    s.paragraph()
    with_friend = s.w.chance(0.65)
    if with_friend:
        s.beat(
            [
                (
                    'On the way, [h.he] met [f.intro]. "Where are you going?" asked [f]. "To [dest]," said'
                    ' [h]. "{May I come too|Can I come with you}?" asked [f]. "{Yes|Of course}!" said [h].'
                ),
                (
                    '[F.intro], [h.his] best friend, {came along|went with [h.him]}. "{Two are better than'
                    ' one|It will be fun}," said [f].'
                ),
                "Soon [h.he] met [f.intro] who wanted to see [dest] too. So they went together.",
            ]
        )
        s.let(who="they", who_obj="them")
    else:
        s.let(who="[h.he]", who_obj="[h.him]")
    s.beat(
        [
            "[Who] [travel] and passed [way] and [way.b].",
            "[Who] [travel]. First came [way]. Then came [way.b].",
            "[Who] [travel], past [way], and [who] did not stop until [who] saw [way.b].",
            "It was a long way. [Who] [travel] and saw [way] and [way.b].",
        ]
    )
    s.some_of(
        2 if s.w.chance(0.6) else 1,
        [
            (
                "Then {it began to rain|night came|the fog came}, and [who] {lost the way|had to stop}. {A"
                " kind bird|An old owl|A friendly mouse|A bright star} showed [who.obj] where to go."
            ),
            (
                "In the evening, [who] {slept under the stars|made a small fire and rested|found a dry place"
                " to sleep}."
            ),
        ],
        [
            (
                '"{Are we there yet|Is it still far}?" asked [f]. "{Not yet|Almost|Just a little farther},"'
                " said [h]."
                if with_friend
                else (
                    '"{Is it still far|How far is it}?" [h.he] asked {a bird|the wind|an old snail}. "{Not'
                    ' far|Just a little farther}," was the answer.'
                )
            ),
            "[H] was {tired|hungry and tired}, but [h.he] did not give up.",
            (
                "[Who] {sang a song|counted the clouds|told stories}, and the way felt shorter."
                if with_friend
                else "[H] sang a song, and the way felt shorter."
            ),
        ],
    )
    s.paragraph()
    s.beat(
        [
            "At last, there was [dest]! [Look].",
            "And then [who] saw it. [Look].",
            "{Finally|At last|On the third day}, [who] came to [dest]. [Look].",
            '"{Look|There it is}!" {cried|shouted} [h]. [Look].',
        ]
    )
    s.beat(
        [
            "[Who] [there] and [there.b].",
            "First, [who] [there]. Then [who] [there.b].",
            (
                "[H] [there]. [H.he] had never been so [@glad]."
                if not with_friend
                else "[H] [there], and [f] laughed with joy."
            ),
            "All day long, [who] {had fun|explored}. [Who] [there] and [there.b].",
        ]
    )
    s.beat(
        [
            '"{It is even better than I dreamed|It is so beautiful|I never want to leave}," said [h].',
            '"{I will never forget this|This was worth the long way}," said [h].',
            "Before [who] left, [h] found [gift] for [e].",
            "[H] took [gift] home, to remember it.",
            "For a long time, [h] {just looked|said nothing at all}. It was so beautiful.",
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                'When [h] came home, [e] {was waiting at the door|hugged [h.him]}. "{Welcome home|Tell me'
                ' everything}!" [e.he] said.'
            ),
            "In the evening, [who] went {back home|home}, tired and happy.",
            "That night, at home, [h] told [e] about [way], about [way.b], and about [dest].",
            "[H] came home with [gift] and a hundred stories.",
        ]
    )
    s.end(
        [
            (
                "[H] learned that {the way can be as beautiful as the goal|the world is big and full of"
                " wonders|every long journey begins with a small step}."
            ),
            "It is good to travel, and it is good to come home.",
            "And already [h] was dreaming of the next journey.",
        ],
        [e for e in ENDINGS if "[f]" not in e] if not with_friend else ENDINGS,
    )


def building_together(s):
    s.cast(needs="hands")
    thing, one, two, three, use = s.w.pick(lex.BUILDS, 0.4)
    s.let(
        build=thing,
        build_the="the " + thing.split(" ", 1)[1].split(" over ")[0].split(" for ")[0],
        one=one,
        two=two,
        three=three,
        use=use,
    )
    s.open()
    s.beat(
        [
            'One day, [h.he] had an idea. "I will build [build]!" [h.he] said.',
            "[H.he] wanted to build [build].",
            'One [@fineday] day, [h] said, "Let\'s build [build]!"',
            "One day, [h.he] thought of something new: [build].",
        ]
    )
    s.beat(
        [
            "[H.he] began alone. But it was too {hard|heavy|much work} for one.",
            (
                '"I can do it alone," [h.he] said. But {soon|after an hour} [h.he] was tired, and nothing was'
                " done."
            ),
            "[H.he] worked all morning, but it {fell down|fell apart} again and again.",
            '"I don\'t need any help," said [h]. Then everything fell down with a {crash|bang}.',
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                '[F.intro] {was watching|came by}. "{Can I help|Do you need help|What are you doing}?" asked'
                " [f]."
            ),
            'Then [f.intro] came. "That looks hard," said [f]. "Let me help you."',
            '[H] asked a friend, [f.intro], for help. "{Of course|I would love to}," said [f].',
        ]
    )
    s.beat(
        [
            "First, they [one]. Then they [two]. Last of all, they [three].",
            "[H] and [f] [one]. After that, they [two], and at the end, they [three].",
            "They [one] and [two]. {The next day|After lunch}, they [three].",
            (
                '"{You hold it, and I will tie it|One of us holds, and the other one works}," said [f]. They'
                " [one], [two], and [three]."
            ),
        ]
    )
    s.some_of(
        1,
        [
            (
                'Once, they {could not agree}. "{Your way is good too|Let\'s try both ways}," said [h] in the'
                " end."
            ),
            "Once it rained, and they had to start again. But they {did not give up|laughed and went on}.",
            '[E] brought them {bread and cheese|cold juice|warm buns}. "You are doing great," [e.he] said.',
            "It took {three days|a whole week}, and their {arms were tired}, but they were happy.",
        ],
    )
    s.paragraph()
    s.beat(
        [
            "At last, [build.the] was {ready|done|finished}. They [use].",
            "When it was {done|ready}, they [use].",
            '"{It is finished|We did it}!" said [h]. They [use] and felt very proud.',
        ]
    )
    s.beat(
        [
            (
                '"I could never have done it alone," said [h]. "{Together we can do anything|We are a good'
                ' team}," said [f].'
            ),
            '"{We are a good team|You are a good builder}," said [f]. [H] {laughed|nodded}.',
            'Everyone came to look at [build.the]. "{That is wonderful}!" they said.',
        ]
    )
    s.end(
        [
            (
                "[H] learned that {many hands make light work|two heads are better than one|it is good to"
                " work together|it is fine to ask for help}."
            ),
            "Together, big things are easy.",
            "And soon they began to plan the next thing.",
        ]
    )


def finding_a_pet(s):
    s.cast(needs="hands")
    pet, where, need = s.w.pick(lex.PET_FINDS, 0.4)
    pool = lex.SHE_PET_NAMES if s.w.chance(0.5) else lex.HE_PET_NAMES
    pet_name = s.w.pick(pool, 0.6)
    while pet_name in (s.hero.name, s.friend.name):
        pet_name = s.w.pick(pool, 0.6)
    s.let(pet=pet, pet_short=pet.split(" with")[0], where=where, need=need, pet_name=pet_name)
    s.open()
    s.beat(
        [
            "One {day|rainy day|cold day|morning}, [h] found a [pet] [where].",
            "One day, on the way [place.to], [h.he] heard a {soft|weak|sad} cry. There was a [pet] [where].",
            "One {cold|windy|wet} {evening|morning}, [h.he] saw something move. It was a [pet] [where].",
        ]
    )
    s.beat(
        [
            "It was {cold and wet|hungry and weak|all alone|shaking with cold}.",
            "It looked up with {big sad eyes|frightened eyes}.",
            "It was so {weak|tired} that it {did not even run away}.",
            "It did not have anyone in the world.",
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                '"{You poor little thing|Don\'t be afraid}," said [h]. "I will {take care of you|take you'
                ' home|help you}."'
            ),
            (
                '[H] {knelt down|bent down} and {touched it gently|spoke softly}. "{Hello, little one|I'
                " won't hurt you},\" [h.he] said."
            ),
            "Very {gently|carefully}, [h] picked it up and carried it home.",
        ]
    )
    s.beat(
        [
            (
                '"Can {we|I} keep it?" [h] asked [e]. "{If you take good care of it|First it must get well|A'
                ' pet is a lot of work}," said [e].'
            ),
            '[E] looked at the [pet.short]. "It needs [need]," [e.he] said.',
            '"What does it need?" asked [h]. "[Need], and a lot of love," said [e].',
        ]
    )
    s.beat(
        [
            "[H] gave it [need].",
            "[H] brought [need] and {sat next to it all night|spoke to it softly}.",
            "So [h] got [need], and {the [pet.short] looked happy|soon it was warm and safe}.",
        ]
    )
    s.beat(
        [
            "[H] named it [pet.name].",
            '"I will call you [pet.name]," said [h].',
            '"What shall we call it?" asked [e]. "[Pet.name]," said [h] at once.',
        ]
    )
    s.paragraph()
    s.beat(
        [
            "Day by day, [pet.name] grew stronger.",
            "{Every day|Each morning}, [h] took care of [pet.name]. Soon [pet.name] was well again.",
            "After {a week|two weeks}, [pet.name] was strong and healthy.",
        ]
    )
    if s.w.chance(0.5):
        s.beat(
            [
                (
                    'One day, [h] opened the door. "You are strong now," [h.he] said. "You can go home {to'
                    ' the forest|to your family|if you want}." It was hard to say goodbye.'
                ),
                (
                    '"{It wants to go home|It belongs outside}," said [e]. [H] was sad, but [h.he] knew it'
                    " was true. [H.he] let [pet.name] go."
                ),
            ]
        )
        s.beat(
            [
                (
                    "[Pet.name] looked back {once|one last time} and was gone. But every {spring|morning},"
                    " [pet.name] came back to visit."
                ),
                "But the next {morning|day}, [pet.name] was back, sitting by the door!",
                (
                    "[Pet.name] went a little way, stopped, and came back. [H] {cried with joy|laughed}."
                    " [Pet.name] wanted to stay."
                ),
            ]
        )
    else:
        s.beat(
            [
                (
                    "[Pet.name] {followed [h] everywhere|slept at the foot of the bed|waited at the door"
                    " every day}."
                ),
                "They {played|went [place.to]} together every day, and [h] was never lonely.",
                '"You can stay with us," said [e]. [H] {jumped for joy|was so happy}.',
            ]
        )
    s.end(
        [
            (
                "[H] learned that {love and care can heal|every small life matters|taking care of someone"
                " makes you strong}."
            ),
            "A little love can do great things.",
            "It is good to be kind to those who are small.",
        ],
        [e for e in ENDINGS if "[f]" not in e],
    )


def surprise_party(s):
    s.cast(friend_group=None)
    s.let(
        cake=s.w.pick(
            [
                "a chocolate cake",
                "an apple cake",
                "a berry cake",
                "a honey cake",
                "a lemon cake",
                "a carrot cake",
            ],
            0.6,
        )
    )
    s.open()
    s.beat(
        [
            "It was [h.his] birthday. [H.he] woke up very {early|happy|excited}.",
            "Today was [h.his] birthday, and [h.he] {could not wait|had been counting the days}.",
            "One day, it was [h.his] birthday.",
        ]
    )
    s.beat(
        [
            'But nobody said "Happy birthday." {Not even [e].|Nobody seemed to remember.}',
            '"{Good morning|Hello}," said [e], but [e.he] said nothing about the birthday.',
            '[H.he] waited for someone to say "Happy birthday," but nobody did.',
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                '[H.he] went to [f.intro], [h.his] best friend. "Do you know what day it is?" asked [h]. "It'
                ' is [@day]," said [f]. "I am busy."'
            ),
            (
                '[H.he] met a friend, [f.intro]. "Do you want to play?" asked [h]. "{Not today|I have no'
                ' time}," said [f], and hurried away.'
            ),
            (
                "[H.he] saw [f.intro], a good friend. But [f] {ran past|only waved} with {a big bag|something"
                " behind [f.his] back}."
            ),
        ]
    )
    s.beat(
        [
            '"Everyone has forgotten me," thought [h]. [H.he] was [@sad].',
            (
                "[H] {walked|went} [place.to] alone and {looked at [sight]|sat down}. A tear rolled down"
                " [h.his] {cheek|nose}."
            ),
            '[H] sat [spot] and {sighed|felt very alone}. "Nobody remembers my birthday," [h.he] said.',
        ]
    )
    s.beat(
        [
            (
                "When the sun went down, [h] went home. {The house was dark.|It was dark and quiet.|There was"
                " no light in the window.}"
            ),
            "In the evening, [h.he] walked home slowly. {It was strangely quiet.|Everything was dark.}",
            "At last, [h.he] went home and opened the door. It was dark inside.",
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                'Suddenly, {the lights went on|there was light everywhere}. "Surprise!" {shouted|cried}'
                ' everyone. "Happy birthday, [h.call]!"'
            ),
            (
                '"Surprise!" {shouted|cried} a hundred voices. There were {balloons|flowers|lanterns}'
                " everywhere, and [cake] on the table."
            ),
            (
                'Then [f] jumped out. "Surprise! Happy birthday!" [f.he] {shouted|cried}. All [h.his] friends'
                " were there."
            ),
        ]
    )
    s.beat(
        [
            (
                '"We did not forget you," said [f]. "We were {busy with the party|baking the cake|making your'
                ' gift}."'
            ),
            (
                '[H] {laughed and cried at the same time|could not say a word}. "I thought you forgot,"'
                ' [h.he] said. "{Never|Of course not}!" said [f].'
            ),
            '"That is why I had no time today," said [f], and [f.he] gave [h] {a hug|a gift}.',
        ]
    )
    s.beat(
        [
            "They {ate the cake|sang songs|danced} and {played games|laughed} until {late|midnight}.",
            "There was cake, and music, and {dancing|games} for everyone.",
            "[H] closed [h.his] eyes, made a wish, and blew out the candles.",
        ]
    )
    s.end(
        [
            (
                "[H] learned that {friends do not forget|things are not always what they seem|the best gift"
                " is a good friend}."
            ),
            "Sometimes, a surprise needs a little silence.",
            "It was the best birthday of all.",
        ]
    )


def clever_trick(s):
    s.cast(needs="clever", without=("child", "robot", "adult"))
    villain = s.w.pick(
        [k for k in ["wolf", "crocodile", "giant", "snake", "tiger", "troll", "witch", "hawk"]], 0.5
    )
    s.let(
        v="the " + villain,
        v_intro="a {big|hungry|mean|terrible|cruel} " + villain,
        trick=s.w.pick(
            [
                (
                    '"I am so thin," said [h]. "My brother is much fatter. He lives in that well." [V] looked'
                    " into the well and saw a {big|fat} face in the water. [V] jumped in, splash, and was"
                    " gone"
                ),
                (
                    '"You are so big," said [h]. "But I bet you cannot fit into this little'
                    ' {bag|box|basket}." "Of course I can," said [v], and crawled inside. [H] closed it'
                    " quickly and tied it shut"
                ),
                (
                    '"Before you eat me, may I sing one last song?" asked [h]. [V] nodded. [H] sang so loudly'
                    " that {the farmer and his dogs|all the animals of the forest} came running, and [v] fled"
                ),
                (
                    '"I am covered in mud," said [h]. "Let me wash first. You would not eat a dirty dinner."'
                    " While [v] waited, [h] slipped away through a small hole"
                ),
                (
                    '"The king sent me," said [h]. "He is looking for the strongest one in the land. Can you'
                    ' lift this {rock|tree}?" [V] pulled and pulled and was soon too tired to move'
                ),
                (
                    '"You have such a fine voice," said [h]. "Will you sing for me?" [V] was proud and closed'
                    " both eyes to sing. When [v] opened them again, [h] was far away"
                ),
                (
                    '"Look, there is a much bigger {cake|dinner|fish} on the other side of the river," said'
                    " [h]. It was only the moon in the water, but [v] jumped in and was swept away"
                ),
            ],
            0.3,
        ),
    )
    s.open()
    s.beat(
        [
            "[H.he] was small, but [h.he] was {very clever|full of ideas|quick}.",
            "[H.he] was not strong, but [h.he] had a good head.",
            "Everyone said that [h] was the cleverest [h.kind] {in the land|far and wide}.",
        ]
    )
    s.beat(
        [
            "One day, [h] was walking [place.at] when [v.intro] jumped out.",
            (
                "Not far away, there lived [v.intro]. Everyone was afraid of [v], and one day [h] met [v]"
                " face to face."
            ),
            "One day, [v.intro] {stood in the way|blocked the path}.",
            "One {dark|foggy|cold} {morning|evening}, [v.intro] came.",
        ]
    )
    s.paragraph()
    s.beat(
        [
            '"{I am hungry|Now I have you}!" said [v]. "I will eat you {up|for dinner|right now}."',
            '"{You look tasty|Aha, dinner}," said [v] with a {nasty|big|cold} smile.',
            "[V] showed two rows of sharp teeth.",
        ]
    )
    s.beat(
        [
            "[H] was [@scared], but [h.he] did not show it. [H.he] thought {quickly|fast}.",
            "[H.poss] heart beat fast, but [h.his] head stayed cool.",
            '"{Stay calm and think|I must be clever now}," thought [h].',
            "There was no place to run. But [h] had an idea.",
        ]
    )
    s.beat(["[Trick]."])
    s.paragraph()
    s.beat(
        [
            "[H] {laughed|smiled} and went {home|on [h.his] way}.",
            '"{Goodbye|So long}!" called [h], and [h.he] ran home {as fast as [h.he] could|laughing}.',
            "That was the last anyone saw of [v] {for a long time|in that place}.",
        ]
    )
    s.beat(
        [
            (
                'When the others heard the story, they {cheered|laughed and clapped}. "{You saved us all},"'
                " said [f.intro]."
            ),
            "That evening, [h] told the story to a friend, [f.intro]. [F] laughed until [f.he] cried.",
            "From then on, everyone {could walk there without fear|asked [h] for advice}.",
        ],
        0.8,
    )
    s.end(
        [
            "A clever head is better than strong arms.",
            "Even the smallest can win with a good idea.",
            (
                "[H] learned that {it pays to stay calm|thinking is better than fighting|being clever is"
                " better than being strong}."
            ),
        ],
        [e for e in ENDINGS if "[f]" not in e],
    )


def star_wish(s):
    s.cast(without=("robot",))
    s.let(star=s.w.pick(["a little star", "a tiny silver star", "a small shining star", "a baby star"], 0.5))
    s.open()
    s.beat(
        [
            "Every night, [h.he] looked up at the stars.",
            "[H.he] loved the night sky and knew the names of many stars.",
            "[H.he] liked to lie in the grass and count the stars.",
            "Before going to sleep, [h.he] always said good night to the moon.",
        ]
    )
    s.beat(
        [
            (
                "One night, {a star fell from the sky|something bright fell from the sky}. It landed softly"
                " [place.at]."
            ),
            "One {clear|cold|warm} night, there was a bright light [place.at]. It was [star]!",
            "One night, [h.he] heard someone crying [place.at]. It was [star], lying [spot].",
        ]
    )
    s.paragraph()
    s.beat(
        [
            (
                '"{Why are you crying|What happened}?" asked [h]. "I fell from the sky," said the star. "{I'
                " cannot get home|I don't know the way back}.\""
            ),
            (
                '"I am lost," said the star in a voice like a tiny bell. "{My family is up there|I want to go'
                ' home}."'
            ),
            '"Please help me," said the star. "When the sun comes up, my light will go out."',
        ]
    )
    s.beat(
        [
            '"I will help you," said [h]. "{We will find a way|I have an idea}."',
            "[H] thought about it. The sky was so {high|far away}.",
            (
                "[H] {took|carried} the star {gently|carefully} {home|up the hill}. It was warm like {a cup"
                " of tea|a small bird}."
            ),
        ]
    )
    s.some_of(
        2,
        [
            "First, [h] climbed the highest tree. But the sky was still too far away.",
            "First, [h] {threw|tried to throw} the star up, but it came down again.",
        ],
        [
            (
                'Then [h] asked {an old owl|a wise old toad|the lighthouse keeper} for help. "Ask the'
                ' {moon|wind|clouds}," was the answer.'
            ),
            (
                '"{The wind can carry me|If someone sings, I can fly}," said the star. So [h] {called the'
                " wind|sang a soft song}."
            ),
        ],
        [
            "They tied the star to a {kite|balloon}, and up it went, higher and higher.",
            '[F.intro] came to help. "We can do it together," said [f].',
        ],
    )
    s.paragraph()
    s.beat(
        [
            (
                "At last, the star {rose into the air|began to float}, {up and up|higher and higher}, until"
                " it was home."
            ),
            "Then a {soft|warm} wind came and lifted the star up into the sky.",
            (
                "And {slowly|suddenly}, the star rose, over the roofs and the trees, back to its place in the"
                " sky."
            ),
        ]
    )
    s.beat(
        [
            '"Thank you, [h.call]!" it called. "You may make a wish."',
            '"I will shine for you every night," the star promised.',
            "It {blinked|twinkled} three times to say thank you.",
        ]
    )
    s.beat(
        [
            (
                "[H] wished for {a true friend|a good night for everyone|rain for the dry fields|a happy"
                " home}, and the wish came true."
            ),
            (
                "Since then, there is always one star that shines a little brighter {over [h.poss] home|than"
                " the others}."
            ),
            "Every night, [h] waved at the star, and the star twinkled back.",
        ]
    )
    s.end(
        [
            (
                "[H] learned that {a kind heart shines like a star|even the smallest light is"
                " important|nobody is too small to help}."
            ),
            "And when you see a star twinkle, it may be that very star.",
            "Good wishes come true for those who help others.",
        ],
        [e for e in ENDINGS if "[f]" not in e],
    )


PLOTS = {
    "lost and found": (lost_and_found, 12),
    "a stranger": (helping_a_stranger, 8),
    "a skill": (learning_a_skill, 9),
    "a storm": (a_storm, 8),
    "a friend": (making_a_friend, 11),
    "sharing": (sharing, 8),
    "a broken toy": (broken_thing_mended, 8),
    "a secret": (secret_place, 7),
    "a mistake": (mistake_and_apology, 8),
    "a contest": (contest, 8),
    "a sick friend": (sick_friend, 6),
    "the night": (night_fear, 7),
    "a seed": (planting_a_seed, 7),
    "magic": (magic_object, 7),
    "a journey": (journey, 12),
    "building": (building_together, 6),
    "a pet": (finding_a_pet, 6),
    "a birthday": (surprise_party, 5),
    "a trick": (clever_trick, 5),
    "a star": (star_wish, 5),
}
_PLOT_NAMES = list(PLOTS)
_PLOT_WEIGHTS = [weight for _, weight in PLOTS.values()]
HAND_PLOTS = {"magic", "building", "a pet"}  # plots whose hero needs hands
NO_ROBOT = {"a stranger", "sharing", "a mistake", "a sick friend"}


def write_story(writer, plot=None, **wishes):
    """One story; wishes may fix `hero` (a kind's noun), `thing`, `place`, `destination`, `magic`."""
    hero = lex.KIND_BY_NOUN.get(wishes.get("hero", ""))
    while plot is None:
        name = writer.rng.choices(_PLOT_NAMES, _PLOT_WEIGHTS)[0]
        if hero and name in HAND_PLOTS and "hands" not in hero.tags:
            continue
        if hero and name in NO_ROBOT and hero.group == "robot":
            continue
        if hero and name == "a trick" and hero.group == "animal" and "clever" not in hero.tags:
            continue
        if hero and name in ("a trick", "a broken toy") and hero.group == "adult":
            continue
        plot = name
    story = Story(writer, **wishes)
    PLOTS[plot][0](story)
    return story.text()
