"""A small template language for writing varied text.

    {a|b|c}      one of the options; earlier ones are likelier (Zipf); options nest
    {3~a|b}      an option may carry its own weight instead
    [key]        a value from the context; [Key] is the same with a capital first letter
    [@list]      a draw from a named word list of the lexicon (Zipf); [@List] capitalised
    [h.s]        "smart subject": the character's name, or the pronoun when nobody else
                 has been mentioned since

Templates are written with the article "a"; `finish` turns it into "an" where needed.
"""

import random
import re
from bisect import bisect

ZIPF_WORD = 1.0  # steepness of choices inside a template
ZIPF_BEAT = 0.55  # steepness of the choice between paraphrases of a whole beat


def zipf_cumulative(count, steepness):
    """Cumulative probabilities of ranks 1..count under 1/rank^steepness."""
    weights = [1.0 / (rank + 1) ** steepness for rank in range(count)]
    return cumulative(weights)


def cumulative(weights):
    """Upper bounds of all but the last item, as shares of the sum."""
    total, running, result = sum(weights), 0.0, []
    for weight in weights:
        running += weight
        result.append(running / total)
    result[-1] = 1.0
    return result[:-1]  # bisect over all but the last bound gives an index in range


class Choice:
    """A parsed `{a|b|c}`."""

    __slots__ = ("bounds", "options")

    def __init__(self, options):
        weights, parsed = [], []
        for rank, text in enumerate(options):
            match = re.match(r"(\d+)~", text)
            weights.append(float(match[1]) if match else 1.0 / (rank + 1) ** ZIPF_WORD)
            parsed.append(_parse(text[match.end() :] if match else text))
        self.bounds, self.options = cumulative(weights), parsed


class Slot:
    """A parsed `[key]`."""

    __slots__ = ("key", "owner", "capital", "draw", "smart")

    def __init__(self, key):
        self.draw = key.startswith("@")
        key = key.lstrip("@")
        self.capital = key[0].isupper()
        self.key = key[0].lower() + key[1:]
        self.owner = self.key.split(".")[0]
        self.smart = self.key.endswith(".s")


def split_options(text):
    """Split at the bars that stand outside braces."""
    depth, start, options = 0, 0, []
    for index, char in enumerate(text):
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == "|" and depth == 0:
            options.append(text[start:index])
            start = index + 1
    options.append(text[start:])
    return options


def _parse(text):
    """Turn a template into a tuple of text, choices and slots."""
    parts, position, literal = [], 0, []
    while position < len(text):
        char = text[position]
        if char == "{":
            depth, end = 1, position + 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            parts.append("".join(literal))
            literal = []
            parts.append(Choice(split_options(text[position + 1 : end - 1])))
            position = end
        elif char == "[":
            end = text.index("]", position)
            parts.append("".join(literal))
            literal = []
            parts.append(Slot(text[position + 1 : end]))
            position = end + 1
        else:
            literal.append(char)
            position += 1
    parts.append("".join(literal))
    return tuple(part for part in parts if part != "")


_parsed = {}
_zipf = {}


class Writer:
    """Expands templates with one random source and one set of word lists."""

    def __init__(self, rng: random.Random, word_lists: dict):
        self.rng = rng
        self.random = rng.random
        self.word_lists = word_lists

    # -- choosing ---------------------------------------------------------------
    def pick(self, items, steepness=ZIPF_WORD):
        """One item, earlier ones likelier."""
        count = len(items)
        key = (count, steepness)
        bounds = _zipf.get(key)
        if bounds is None:
            bounds = _zipf[key] = zipf_cumulative(count, steepness)
        return items[bisect(bounds, self.random())]

    def uniform(self, items):
        """One item, all as likely."""
        return items[int(self.random() * len(items))]

    def chance(self, probability):
        """True with this probability."""
        return self.random() < probability

    def sample(self, items, count, steepness=ZIPF_WORD):
        """Distinct items in the order drawn, earlier ones likelier."""
        pool, result = list(items), []
        for _ in range(min(count, len(pool))):
            item = self.pick(pool, steepness)
            pool.remove(item)
            result.append(item)
        return result

    # -- writing ----------------------------------------------------------------
    def write(self, template, context=None):
        """Expand a template; parsed templates are kept."""
        parts = _parsed.get(template)
        if parts is None:
            parts = _parsed[template] = _parse(template)
        out = []
        self._render(parts, context, out)
        return "".join(out)

    def _render(self, parts, context, out):
        for part in parts:
            if type(part) is str:
                out.append(part)
            elif type(part) is Choice:
                self._render(part.options[bisect(part.bounds, self.random())], context, out)
            else:
                out.append(self._fill(part, context))

    def _fill(self, slot, context):
        if slot.draw:
            text = self.pick(self.word_lists[slot.key])
            if "{" in text or "[" in text:
                text = self.write(text, context)
        elif slot.smart:
            owner = slot.owner
            if context["_last"] == owner and self.random() < 0.6:
                text = context[owner + ".he"]
            else:
                text = context[owner]
            context["_last"] = owner
        else:
            text = context[slot.key]
            if "." not in slot.key and slot.key in context["_cast"]:
                context["_last"] = slot.key
            if "{" in text or "[" in text:
                text = self.write(text, context)
        return text[0].upper() + text[1:] if slot.capital and text else text


# -- finishing ------------------------------------------------------------------
_VOWEL_SOUND = re.compile(
    r"\b([Aa]) (?=(?:[aeiouAEIOU]|hour\b|honest|8\b|11\b|18\b))(?!(?:is|are|and|in|or|at)\b)"
    r"(?!(?:one\b|once\b|uni[^nm]|use|usual|euro|Euro|ukulele|Uni[^nm]|U\.))"
)
_SENTENCE_START = re.compile(r"([.!?] |\n)([a-z])")
_STOP_AFTER_QUOTE = re.compile(r'([.!?]")\.')


def fix_articles(text):
    """Turn "a" into "an" where a vowel sound follows."""
    return _VOWEL_SOUND.sub(r"\1n ", text)


def capitalised(sentence):
    """Upper-case the first letter, looking past an opening quote."""
    if sentence[0] == '"':
        return '"' + sentence[1].upper() + sentence[2:]
    return sentence[0].upper() + sentence[1:]


def finish(text):
    """Articles, double stops, and capitals after a full stop."""
    text = _STOP_AFTER_QUOTE.sub(r"\1", fix_articles(text))
    return _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)
