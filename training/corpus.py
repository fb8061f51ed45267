#!/usr/bin/env python3
"""Generates the training corpus: little stories, sentences, facts, lists, JSON and chats.

    python corpus.py --seed 1 --docs 232000 --out train.txt [--heldout heldout.txt]      (73 MB in 10 s)

The same seed gives the same text. Documents are separated by a line `<|endoftext|>`; no
held-out document occurs in the training file. check_corpus.py checks the result.
"""

import argparse
import random
import sys
import time

import lexicon
from grammar import Writer
from snippets import Snippets
from stories import write_story

SEPARATOR = "<|endoftext|>\n"
SHARES = {"story": 60, "everyday": 10, "facts": 8, "list": 6, "json": 4, "chat": 12}  # percent of bytes
TYPICAL_BYTES = {"story": 840, "everyday": 230, "facts": 210, "list": 110, "json": 130, "chat": 560}
HELDOUT_SEED_OFFSET = 1_000_003
RETRIES = 8  # attempts at a document that has not been written before


class Corpus:
    """Writes documents of every kind in the shares wanted, none of them twice."""

    def __init__(self, seed, seen=()):
        self.rng = random.Random(seed)
        writer = Writer(self.rng, lexicon.WORD_LISTS)
        snippets = Snippets(writer)
        self.makers = {
            "story": lambda: write_story(writer),
            "everyday": snippets.everyday,
            "facts": snippets.facts,
            "list": snippets.a_list,
            "json": snippets.a_json,
            "chat": snippets.chat,
        }
        self.kinds = list(SHARES)
        self.size = dict.fromkeys(SHARES, 0)
        self.count = dict.fromkeys(SHARES, 0)
        self.seen = set(seen)  # hashes of documents not to write again
        self.duplicates = 0
        self._balance()

    def _balance(self):
        """Set the odds of the kinds so that their shares of bytes come out as wanted."""
        mean = {
            kind: self.size[kind] / self.count[kind] if self.count[kind] > 50 else TYPICAL_BYTES[kind]
            for kind in SHARES
        }
        self.weights = [SHARES[kind] / mean[kind] for kind in SHARES]

    def document(self):
        """The kind and the text of one more document."""
        kind = self.rng.choices(self.kinds, self.weights)[0]
        for _ in range(RETRIES):
            text = self.makers[kind]()
            if hash(text) not in self.seen:
                break
        else:
            self.duplicates += 1
        self.seen.add(hash(text))
        self.size[kind] += len(text)
        self.count[kind] += 1
        if sum(self.count.values()) % 500 == 0:
            self._balance()
        return kind, text

    def write(self, path, documents):
        """Write so many documents to a file and say on standard error what came out."""
        started = time.time()
        with open(path, "w", encoding="utf-8", newline="\n") as out:
            for _ in range(documents):
                out.write(self.document()[1] + "\n" + SEPARATOR)
        total = sum(self.size.values())
        shares = ", ".join(
            f"{kind} {100 * size / total:.1f} % ({self.count[kind]})" for kind, size in self.size.items()
        )
        print(
            f"{path}: {total / 1e6:.1f} MB, {documents} documents in {time.time() - started:.0f} s; "
            f"{self.duplicates} duplicates; {shares}",
            file=sys.stderr,
        )


def main():
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same text")
    parser.add_argument("--docs", type=int, default=232_000, help="documents to write (default: %(default)s)")
    parser.add_argument("--out", required=True, help="the file to write")
    parser.add_argument("--heldout", help="also write a held-out file from another seed")
    parser.add_argument("--heldout-docs", type=int, default=2_000, help="default: %(default)s")
    options = parser.parse_args()
    training = Corpus(options.seed)
    training.write(options.out, options.docs)
    if options.heldout:
        Corpus(options.seed + HELDOUT_SEED_OFFSET, training.seen).write(options.heldout, options.heldout_docs)


if __name__ == "__main__":
    main()
