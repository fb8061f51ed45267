#!/usr/bin/env python3
"""Write a trained checkpoint as a GGUF file that llama.cpp loads (arch `llama`, or `llada` for diffusion)."""

import argparse
import json

import gguf
import numpy as np
import torch
from model import Config

CHATML = (
    "{% for m in messages %}"
    "{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
# llama.cpp's llama_ftype
FILE_TYPES = {"f32": 0, "f16": 1, "q4_0": 2, "q4_1": 3, "q8_0": 7, "q5_0": 8, "q5_1": 9}
# (name in a checkpoint's block, name in a GGUF block, whether it is a matrix)
BLOCK_TENSORS = (
    ("attn_norm", "attn_norm", False),
    ("ffn_norm", "ffn_norm", False),
    ("wq", "attn_q", True),
    ("wk", "attn_k", True),
    ("wv", "attn_v", True),
    ("wo", "attn_output", True),
    ("gate", "ffn_gate", True),
    ("up", "ffn_up", True),
    ("down", "ffn_down", True),
)


def add_shape(writer, config, tensor_type, shift):
    """The hyper-parameters."""
    writer.add_context_length(config.ctx)
    writer.add_embedding_length(config.dim)
    writer.add_block_count(config.layers)
    writer.add_feed_forward_length(config.ffn)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.kv_heads)
    writer.add_layer_norm_rms_eps(config.eps)
    writer.add_rope_freq_base(config.theta)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_vocab_size(config.vocab)
    writer.add_file_type(FILE_TYPES[tensor_type])
    if not config.causal:
        writer.add_causal_attention(False)
        writer.add_bool("diffusion.shift_logits", shift)


def add_tokenizer(writer, path, vocab_size):
    """Vocabulary, merges, special tokens and the chat template."""
    with open(path, encoding="utf-8") as file:
        tokenizer = json.load(file)
    special = {token["id"] for token in tokenizer["added_tokens"]}
    vocab = sorted(tokenizer["model"]["vocab"].items(), key=lambda entry: entry[1])
    if [token_id for _, token_id in vocab] != list(range(vocab_size)):
        raise SystemExit(f"{path}: {len(vocab)} tokens, but the model has {vocab_size}")
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    merges = tokenizer["model"]["merges"]
    ids = dict(vocab)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token for token, _ in vocab])
    writer.add_token_types([control if token_id in special else normal for _, token_id in vocab])
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    writer.add_bos_token_id(ids["<|endoftext|>"])
    writer.add_eos_token_id(ids["<|endoftext|>"])
    writer.add_eot_token_id(ids["<|im_end|>"])
    writer.add_pad_token_id(ids["<|pad|>"])
    writer.add_add_bos_token(True)
    writer.add_chat_template(CHATML)
    writer.add_mask_token_id(ids["<|mask|>"])


def add_tensor(writer, name, weights, tensor_type):
    """One tensor, quantised as asked."""
    values = weights.float().numpy().astype(np.float32)
    if tensor_type not in ("f32", "f16"):
        quantization = gguf.GGMLQuantizationType[tensor_type.upper()]
        writer.add_tensor(name, gguf.quants.quantize(values, quantization), raw_dtype=quantization)
    elif tensor_type == "f16":
        writer.add_tensor(name, values.astype(np.float16))
    else:
        writer.add_tensor(name, values)


def add_tensors(writer, weights, layers, tensor_type):
    """All tensors; the norms stay in 32 bits, and the output matrix is the embedding."""
    add_tensor(writer, "token_embd.weight", weights["emb.weight"], tensor_type)
    add_tensor(writer, "output_norm.weight", weights["norm.weight"], "f32")
    for layer in range(layers):
        for source, target, is_matrix in BLOCK_TENSORS:
            values = weights[f"blocks.{layer}.{source}.weight"]
            add_tensor(writer, f"blk.{layer}.{target}.weight", values, tensor_type if is_matrix else "f32")


def main():
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("checkpoint", help="what train.py wrote")
    parser.add_argument("--tokenizer", default="tokenizer.json", help="its file (default: %(default)s)")
    parser.add_argument("--out", required=True, help="the GGUF file to write")
    parser.add_argument("--name", required=True, help="general.name in the metadata")
    parser.add_argument("--description", default="", help="general.description in the metadata")
    parser.add_argument("--license", default="CC0-1.0", help="licence of the weights (default: %(default)s)")
    parser.add_argument("--type", choices=list(FILE_TYPES), default="q8_0", help="default: %(default)s")
    parser.add_argument("--shift", action="store_true", help="diffusion: row i predicts token i + 1")
    options = parser.parse_args()

    checkpoint = torch.load(options.checkpoint, map_location="cpu")
    config = Config(**checkpoint["config"])
    arch = "llama" if config.causal else "llada"
    writer = gguf.GGUFWriter(options.out, arch)
    writer.add_name(options.name)
    writer.add_description(options.description)
    writer.add_license(options.license)
    add_shape(writer, config, options.type, options.shift)
    add_tokenizer(writer, options.tokenizer, config.vocab)
    add_tensors(writer, checkpoint["model"], config.layers, options.type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(options.out, arch, config)


if __name__ == "__main__":
    main()
