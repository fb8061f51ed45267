#!/usr/bin/env python3
"""Train the byte-level BPE tokenizer and turn a corpus into token ids.

    python tokenizer.py --vocab 4096 --fit synthetic.txt books-train.txt     (writes tokenizer.json)
    python tokenizer.py --encode books-held.txt --out books-held.bin
"""

import argparse

import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SEPARATOR = "<|endoftext|>"
SPECIAL_TOKENS = [SEPARATOR, "<|im_start|>", "<|im_end|>", "<|mask|>", "<|pad|>"]
DOCUMENTS_A_BATCH = 4096


def documents(paths):
    """The documents of the corpora, without their separators and outer blank lines."""
    for path in paths:
        with open(path, encoding="utf-8") as corpus:
            for document in corpus.read().split(SEPARATOR):
                document = document.strip("\n")
                if document.strip():
                    yield document


def train(paths, vocab_size, out):
    """Fit a tokenizer on the corpora and save it."""
    tokenizer = Tokenizer(models.BPE())
    # What llama.cpp calls the 'gpt-2' pre-tokenizer.
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=SPECIAL_TOKENS,
        min_frequency=3,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(documents(paths), trainer)
    tokenizer.save(out)
    return tokenizer


def encode(tokenizer, paths, out):
    """Write the corpora as 16-bit token ids, each document after one end-of-text token."""
    end_of_text = tokenizer.token_to_id(SEPARATOR)
    encoded, waiting, byte_count = [], [], 0

    def flush():
        for encoding in tokenizer.encode_batch(waiting, add_special_tokens=False):
            encoded.append(np.array([end_of_text] + encoding.ids, dtype=np.uint16))
        waiting.clear()

    for document in documents(paths):
        byte_count += len(document.encode())
        waiting.append(document)
        if len(waiting) >= DOCUMENTS_A_BATCH:
            flush()
    flush()
    tokens = np.concatenate(encoded)
    tokens.tofile(out)
    print(out, len(tokens), "tokens", byte_count, "bytes", round(byte_count / len(tokens), 3), "bytes/token")


def main():
    """Read the command line, then fit, encode, or both."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--vocab", type=int, default=4096, help="vocabulary size (default: %(default)s)")
    parser.add_argument("--tokenizer", default="tokenizer.json", help="its file (default: %(default)s)")
    parser.add_argument("--fit", nargs="*", metavar="TEXT", help="corpora to train the tokenizer on")
    parser.add_argument("--encode", nargs="*", metavar="TEXT", help="corpora to turn into token ids")
    parser.add_argument("--out", help="where the token ids go (needed with --encode)")
    options = parser.parse_args()
    if options.encode and not options.out:
        parser.error("--encode needs --out")
    if options.fit:
        tokenizer = train(options.fit, options.vocab, options.tokenizer)
    else:
        tokenizer = Tokenizer.from_file(options.tokenizer)
    if options.encode:
        encode(tokenizer, options.encode, options.out)


if __name__ == "__main__":
    main()
