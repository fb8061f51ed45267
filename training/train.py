#!/usr/bin/env python3
"""Train one of the embedded models: next-token (`ar`) or masked diffusion (`mdlm`).

The run is bounded by minutes of wall time, so a faster machine sees more tokens and gives another model.
"""

import argparse
import dataclasses
import json
import time

import diffusion
import numpy as np
import torch
import torch.nn.functional as F
from model import Config, Model

SHAPE_OPTIONS = ("vocab", "dim", "layers", "heads", "kv_heads", "ffn")
WARM_UP_STEPS = 100
LOG_EVERY = 50
SAVE_EVERY = 500
EVALUATION_SEED = 7  # held-out loss is always measured on the same windows
EVALUATION_BATCHES = 4
WHOLE_DOCUMENTS = 0.8  # share of a diffusion batch's windows that begin with a document
END_OF_TEXT = 0  # the token before each document


class TokenFile:
    """A file of 16-bit token ids, with its share of the training batches."""

    def __init__(self, spec):
        """`spec` is `path` or `path:weight`; without a weight a file counts by its length."""
        self.path, _, weight = spec.partition(":")
        self.tokens = np.memmap(self.path, dtype=np.uint16, mode="r")
        self.weight = float(weight or len(self.tokens))
        self.begins = None

    def windows(self, count, length, rng, aligned=0.0):
        """`count` windows of `length + 1` tokens from random places, some of them where a document begins."""
        starts = rng.integers(0, len(self.tokens) - length - 1, count)
        if aligned:
            if self.begins is None:
                self.begins = np.flatnonzero(np.asarray(self.tokens[: -length - 2]) == END_OF_TEXT)
            chosen = rng.random(count) < aligned
            starts[chosen] = self.begins[rng.integers(0, len(self.begins), int(chosen.sum()))]
        return np.stack([self.tokens[start : start + length + 1] for start in starts]).astype(np.int64)


class Trainer:
    """A model, its optimisers and its data."""

    def __init__(self, options):
        self.options = options
        torch.manual_seed(options.seed)
        self.rng = np.random.default_rng(options.seed)
        shape = {name: getattr(options, name) for name in SHAPE_OPTIONS if getattr(options, name)}
        self.config = Config(**shape, causal=options.objective == "ar")
        self.model = Model(self.config).to(options.device)
        if options.resume:
            self.model.load_state_dict(torch.load(options.resume)["model"])
        parameters = sum(parameter.numel() for parameter in self.model.parameters())
        print(self.config, f"{parameters / 1e6:.2f}M parameters", flush=True)
        self.optimizers = self._optimizers()
        self.base_rates = [[group["lr"] for group in each.param_groups] for each in self.optimizers]
        self.data = [TokenFile(spec) for spec in options.data]
        weights = np.array([file.weight for file in self.data])
        self.shares = weights / weights.sum()
        self.held_out = [TokenFile(spec) for spec in options.valid]
        self.log = []

    def _optimizers(self):
        """Muon for the matrices of the blocks, AdamW for embeddings and norms."""
        matrices = [p for block in self.model.blocks for p in block.parameters() if p.ndim == 2]
        others = [p for p in self.model.parameters() if not any(p is matrix for matrix in matrices)]
        return [
            torch.optim.Muon(matrices, lr=self.options.lr, momentum=0.95, weight_decay=0.01),
            torch.optim.AdamW(others, lr=self.options.adam_lr, betas=(0.9, 0.95), weight_decay=0.0),
        ]

    def batch(self, file, count, rng):
        """Windows of one file, on the training device."""
        aligned = 0.0 if self.config.causal else WHOLE_DOCUMENTS
        windows = file.windows(count, self.options.ctx, rng, aligned)
        return torch.from_numpy(windows).to(self.options.device)

    def logits(self, tokens):
        """Forward pass in bfloat16."""
        with torch.autocast(self.options.device, torch.bfloat16):
            return self.model(tokens)

    def loss_of(self, windows):
        """Nats a token; for diffusion a bound (see diffusion.py)."""
        if self.options.objective == "ar":
            logits = self.logits(windows[:, :-1])
            return F.cross_entropy(logits.view(-1, self.config.vocab).float(), windows[:, 1:].reshape(-1))
        canvas = windows[:, :-1]
        masked, share = diffusion.mask(*canvas.shape, canvas.device)
        logits = self.logits(torch.where(masked, self.options.mask_id, canvas))
        return diffusion.loss(logits, canvas, masked, share, self.options.shift)

    @torch.no_grad()
    def evaluate(self):
        """Mean loss on each held-out file."""
        self.model.eval()
        rng = np.random.default_rng(EVALUATION_SEED)
        losses = {}
        for file in self.held_out:
            batches = (self.batch(file, self.options.batch, rng) for _ in range(EVALUATION_BATCHES))
            mean = np.mean([self.loss_of(windows).item() for windows in batches])
            losses[file.path] = round(float(mean), 4)
        self.model.train()
        return losses

    def set_rate(self, step, elapsed_share):
        """Warm up over the first steps; fall to zero over the last part of the time."""
        decay_from = self.options.decay_from
        factor = min(1, (step + 1) / WARM_UP_STEPS)
        if elapsed_share >= decay_from:
            factor *= (1 - elapsed_share) / (1 - decay_from)
        for optimizer, rates in zip(self.optimizers, self.base_rates):
            for group, rate in zip(optimizer.param_groups, rates):
                group["lr"] = rate * max(factor, 1e-3)

    def learn(self):
        """One step on one mixed batch; returns its loss."""
        counts = self.rng.multinomial(self.options.batch, self.shares)
        parts = [self.batch(file, count, self.rng) for file, count in zip(self.data, counts) if count]
        loss = self.loss_of(torch.cat(parts))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        return loss.item()

    def report(self, line):
        """Keep a line of the log and print it."""
        self.log.append(line)
        print(json.dumps(line), flush=True)

    def save(self):
        """Write the checkpoint."""
        config = dataclasses.asdict(self.config)
        torch.save({"model": self.model.state_dict(), "config": config, "log": self.log}, self.options.out)

    def run(self):
        """Train until the time is up."""
        started, step, average = time.time(), 0, None
        tokens_a_step = self.options.batch * self.options.ctx
        while (elapsed := time.time() - started) < self.options.minutes * 60:
            self.set_rate(step, elapsed / (self.options.minutes * 60))
            loss = self.learn()
            step += 1
            average = loss if average is None else 0.98 * average + 0.02 * loss
            if step % LOG_EVERY == 0:
                minutes = round((time.time() - started) / 60, 1)
                line = {"step": step, "minutes": minutes, "tokens": step * tokens_a_step}
                line["loss"] = round(average, 4)
                if step % SAVE_EVERY == 0:
                    line["valid"] = self.evaluate()
                    self.save()
                self.report(line)
        last = {"step": step, "tokens": step * tokens_a_step, "loss": round(average, 4)}
        self.report(last | {"valid": self.evaluate(), "done": True})
        self.save()


def parse_options():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", nargs="+", required=True, metavar="FILE[:WEIGHT]", help="16-bit token ids")
    parser.add_argument("--valid", nargs="*", default=[], metavar="FILE", help="held-out token ids")
    parser.add_argument("--objective", choices=["ar", "mdlm"], default="ar", help="default: %(default)s")
    parser.add_argument("--out", required=True, help="where the checkpoint goes")
    parser.add_argument("--resume", metavar="CHECKPOINT", help="start from these weights")
    parser.add_argument("--minutes", type=float, default=60, help="wall time (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=32, help="windows a step (default: %(default)s)")
    parser.add_argument("--ctx", type=int, default=256, help="tokens a window (default: %(default)s)")
    parser.add_argument("--lr", type=float, default=0.02, help="Muon's rate (default: %(default)s)")
    parser.add_argument("--adam-lr", type=float, default=3e-3, help="AdamW's rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="weights and batches (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default: %(default)s)")
    for name in SHAPE_OPTIONS:
        default = getattr(Config, name)
        parser.add_argument("--" + name.replace("_", "-"), type=int, help=f"model shape (default: {default})")
    parser.add_argument(
        "--decay-from",
        type=float,
        default=0.4,
        help="share of the time after which the rate falls to 0 (default: %(default)s)",
    )
    parser.add_argument(
        "--shift", action="store_true", help="mdlm: row i predicts token i + 1, as in a causal model"
    )
    parser.add_argument("--threads", type=int, help="threads that compute (default: PyTorch's)")
    parser.add_argument("--mask-id", type=int, default=3, help="the mask token (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    given = parse_options()
    if given.threads:
        torch.set_num_threads(given.threads)
    Trainer(given).run()
