#!/usr/bin/env python3
"""Check a generated corpus: articles, doubled words, quotes, JSON, duplicates, vocabulary, openings."""

import argparse
import collections
import json
import math
import re

ARTICLE = re.compile(r"\b(?:[Aa] (?=[aeiou](?!ne\b|ni[^nm]|se)|hour\b|honest)|[Aa]n (?=[^aeiouAEIOU8h\W]))")
DOUBLED = re.compile(r"\b(\w+) \1\b")
ALLOWED_DOUBLES = {"had", "that", "walked", "worked", "boom", "no"}
UNCLOSED_QUOTES = ("Continue", "Finish", "Complete")  # chats that quote the beginning of a sentence
SLIPS = [
    (r"  ", "double space"),
    (r" [.,!?]", "space before mark"),
    (r"[a-z][.,]{2}[^.]", "double mark"),
    (r"[\[\]{}]", "bracket"),
    (r"[a-z]\. [a-z]", "no capital"),
    (r"[!?]\.", "mark after mark"),
    (r'[.!?]"\.', "stop after quote"),
    (r"\|[^i<>]", "bar"),
    (r"~", "tilde"),
]
EXAMPLES_SHOWN = 4
EXCERPT_REACH = 50
STORY_WORDS = 75  # documents longer than this are counted as stories


class Report:
    """Counts problems by name and prints the first few of each."""

    def __init__(self):
        self.counts = collections.Counter()

    def add(self, problem, text, at=None):
        """A problem in a text, at a place in it if one is known."""
        self.counts[problem] += 1
        if self.counts[problem] <= EXAMPLES_SHOWN:
            excerpt = text if at is None else text[max(0, at - EXCERPT_REACH) : at + EXCERPT_REACH]
            print(f"  {problem}: {excerpt[:160]!r}")


def is_expected(problem, text):
    """Whether JSON or ChatML explains what would be a slip in prose."""
    if problem == "bracket":
        return '"' in text and ("{" in text or "[" in text)
    if problem == "bar":
        return "im_start" in text
    return problem == "double space" and "{\n" in text


def check_prose(text, report):
    """Articles, doubled words, quotes and slips of punctuation."""
    for match in ARTICLE.finditer(text):
        report.add("article", text, match.start())
    for match in DOUBLED.finditer(text):
        if match[1].isalpha() and match[1] not in ALLOWED_DOUBLES:
            report.add("doubled word", text, match.start())
    for line in text.split("\n"):
        if line.count('"') % 2 and not line.startswith(UNCLOSED_QUOTES):
            report.add("quotes", line)
    for pattern, problem in SLIPS:
        match = None if is_expected(problem, text) else re.search(pattern, text)
        if match:
            report.add(problem, text, match.start())


def check_json(text, report):
    """Every JSON value that stands in tags or alone on a line can be read."""
    candidates = [("json", found) for found in re.findall(r"<json>(.*?)</json>", text, re.S)]
    lines = text.split("\n")
    candidates += [("json line", line) for line in lines if line.startswith("{") and line.endswith("}")]
    for problem, candidate in candidates:
        try:
            json.loads(candidate)
        except ValueError:
            report.add(problem, candidate)


def print_vocabulary(documents):
    """Duplicates, word counts and the entropy of single words."""
    words = collections.Counter(word for text in documents for word in re.findall(r"[A-Za-zÀ-ÿ']+", text))
    total = sum(words.values())
    duplicates = 100 * (1 - len(set(documents)) / len(documents))
    entropy = -sum(count / total * math.log2(count / total) for count in words.values())
    common = sum(count >= 5 for count in words.values())
    print(
        f"documents {len(documents)}, duplicates {duplicates:.2f} %, words {total}, "
        f"vocabulary {len(words)}, seen 5 times {common}"
    )
    print(f"unigram entropy {entropy:.2f} bits; characters {len(set(''.join(documents)))}")


def print_stories(documents):
    """Lengths and openings of the stories."""
    stories = [text for text in documents if not text.startswith("<|im_start|>")]
    stories = [text for text in stories if len(text.split()) > STORY_WORDS]
    if not stories:
        print("stories 0")
        return
    lengths = sorted(len(text.split()) for text in stories)
    short, middle, long = (lengths[at] for at in (len(lengths) // 20, len(lengths) // 2, -len(lengths) // 20))
    print(f"stories {len(stories)}, words: 5 % {short}, median {middle}, 95 % {long}")
    openings = collections.Counter(" ".join(text.split()[:4]) for text in stories)
    shares = (f"{opening} {100 * count / len(stories):.1f}" for opening, count in openings.most_common(50))
    print("story openings:", "; ".join(shares), sep="\n")


def main():
    """Read the command line, check the documents and describe the corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", help="a file written by corpus.py")
    options = parser.parse_args()
    with open(options.corpus, encoding="utf-8") as corpus:
        documents = corpus.read().split("\n<|endoftext|>\n")[:-1]
    if not documents:
        parser.error(f"{options.corpus}: no document in it")
    report = Report()
    for text in documents:
        check_prose(text, report)
        check_json(text, report)
    print("problems:", dict(report.counts) or "none")
    print_vocabulary(documents)
    print_stories(documents)


if __name__ == "__main__":
    main()
