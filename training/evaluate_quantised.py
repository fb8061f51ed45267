#!/usr/bin/env python3
"""What quantising a diffusion model costs: its bound on held-out text, with equal masks for each type."""

import argparse

import diffusion
import gguf
import numpy as np
import torch
from gguf.quants import dequantize, quantize
from model import Config, Model
from train import END_OF_TEXT

WINDOWS = 256
LENGTH = 128
BATCH = 32
SEED = 5


def windows(path):
    """Windows from the beginnings of documents, always the same ones."""
    tokens = np.memmap(path, dtype=np.uint16, mode="r")
    begins = np.flatnonzero(np.asarray(tokens[: -LENGTH - 1]) == END_OF_TEXT)
    chosen = begins[np.random.default_rng(SEED).integers(0, len(begins), WINDOWS)]
    return torch.from_numpy(np.stack([tokens[start : start + LENGTH] for start in chosen]).astype(np.int64))


def masks():
    """Which positions are masked, and the shares: evenly spread, the first token never."""
    generator = torch.Generator().manual_seed(1)
    share = (torch.arange(WINDOWS) / WINDOWS)[torch.randperm(WINDOWS, generator=generator)][:, None]
    share = share * (1 - diffusion.LEAST_MASKED) + diffusion.LEAST_MASKED
    masked = torch.rand(WINDOWS, LENGTH, generator=generator) < share
    masked[:, 0] = False
    return masked, share


def rounded(weights, name):
    """The weights as a GGUF file of this type holds them."""
    kind = gguf.GGMLQuantizationType[name.upper()]

    def through(values):
        return torch.from_numpy(dequantize(quantize(values.float().numpy(), kind), kind).astype(np.float32))

    return {key: through(values) if values.ndim == 2 else values for key, values in weights.items()}


@torch.no_grad()
def bound(config, weights, canvases, mask_id):
    """Nats a token over all windows."""
    model = Model(config)
    model.load_state_dict(weights)
    model.eval()
    masked, share = masks()
    total = 0.0
    for start in range(0, WINDOWS, BATCH):
        part = slice(start, start + BATCH)
        logits = model(torch.where(masked[part], mask_id, canvases[part]))
        total += diffusion.loss(logits, canvases[part], masked[part], share[part], shift=True).item()
    return total * BATCH / WINDOWS


def main():
    """Read the command line and print a line for each type."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", help="what train.py wrote with --shift")
    parser.add_argument("--data", default="synthetic-held.bin", help="token ids (default: %(default)s)")
    parser.add_argument("--types", nargs="*", default=["q8_0", "q5_0", "q4_0"], help="default: %(default)s")
    parser.add_argument("--mask-id", type=int, default=3, help="the mask token (default: %(default)s)")
    options = parser.parse_args()
    checkpoint = torch.load(options.checkpoint)
    config, canvases = Config(**checkpoint["config"]), windows(options.data)
    print("f32", round(bound(config, checkpoint["model"], canvases, options.mask_id), 4))
    for name in options.types:
        weights = rounded(checkpoint["model"], name)
        print(name, round(bound(config, weights, canvases, options.mask_id), 4))


if __name__ == "__main__":
    main()
