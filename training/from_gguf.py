#!/usr/bin/env python3
"""A checkpoint and a tokenizer file out of an embedded GGUF model: what export.py wrote, but for rounding."""

import argparse
import dataclasses

import gguf
import numpy as np
import torch
from export import BLOCK_TENSORS
from gguf.quants import dequantize
from model import Config
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers


class Source:
    """The file's metadata and tensors."""

    def __init__(self, path):
        self.reader = gguf.GGUFReader(path)
        self.architecture = self.value("general.architecture")

    def value(self, key):
        """The value of a metadata key."""
        return self.reader.fields[key].contents()

    def shape(self, key):
        """The value of one of the architecture's keys."""
        return self.value(f"{self.architecture}.{key}")

    def config(self):
        """The shape of the model."""
        return Config(
            vocab=len(self.value("tokenizer.ggml.tokens")),
            dim=self.shape("embedding_length"),
            layers=self.shape("block_count"),
            heads=self.shape("attention.head_count"),
            kv_heads=self.shape("attention.head_count_kv"),
            ffn=self.shape("feed_forward_length"),
            ctx=self.shape("context_length"),
        )

    def weights(self, layers):
        """The weights, named as in a checkpoint."""
        tensors = {
            tensor.name: torch.from_numpy(
                np.array(dequantize(tensor.data, tensor.tensor_type)).astype(np.float32)
            )
            for tensor in self.reader.tensors
        }
        weights = {"emb.weight": tensors["token_embd.weight"], "norm.weight": tensors["output_norm.weight"]}
        for layer in range(layers):
            for source, target, _ in BLOCK_TENSORS:
                weights[f"blocks.{layer}.{source}.weight"] = tensors[f"blk.{layer}.{target}.weight"]
        return weights

    def tokenizer(self):
        """The tokenizer, as tokenizer.py makes it."""
        tokens, types = self.value("tokenizer.ggml.tokens"), self.value("tokenizer.ggml.token_type")
        merges = [tuple(merge.split(" ")) for merge in self.value("tokenizer.ggml.merges")]
        vocab = {token: token_id for token_id, token in enumerate(tokens)}
        tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
        tokenizer.decoder = decoders.ByteLevel()
        special = [
            AddedToken(token, special=True, normalized=False)
            for token, kind in zip(tokens, types)
            if kind == gguf.TokenType.CONTROL
        ]
        tokenizer.add_special_tokens(special)
        return tokenizer


def main():
    """Read the command line and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gguf", help="the model")
    parser.add_argument("--out", required=True, help="where the checkpoint goes")
    parser.add_argument("--tokenizer", required=True, help="where the tokenizer goes")
    options = parser.parse_args()
    source = Source(options.gguf)
    config = source.config()
    weights = source.weights(config.layers)
    torch.save({"model": weights, "config": dataclasses.asdict(config), "log": []}, options.out)
    source.tokenizer().save(options.tokenizer)
    print(options.out, options.tokenizer, config)


if __name__ == "__main__":
    main()
