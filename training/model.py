"""A LLaMA-style decoder: RMSNorm, rotary positions, grouped-query attention, SwiGLU, tied embeddings."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class Config:
    """The shape of a model; `causal` is off for masked diffusion."""

    vocab: int = 4096
    dim: int = 256
    layers: int = 6
    heads: int = 8
    kv_heads: int = 4
    ffn: int = 704
    ctx: int = 512
    theta: float = 10000.0
    eps: float = 1e-5
    causal: bool = True

    @property
    def head_dim(self):
        """Width of one attention head."""
        return self.dim // self.heads


class RMSNorm(nn.Module):
    """Root-mean-square normalisation with a learned scale."""

    def __init__(self, dim, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.eps = eps

    def forward(self, x):
        """Normalise the last axis."""
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.eps)


def rope_tables(config):
    """Cosines and sines of the rotary angles, each (context, head_dim / 2)."""
    exponents = -torch.arange(0, config.head_dim, 2).float() / config.head_dim
    angles = torch.outer(torch.arange(config.ctx).float(), config.theta**exponents)
    return angles.cos(), angles.sin()


def rope(x, cos, sin):
    """Rotate (batch, head, time, head_dim) in neighbour pairs (0, 1), (2, 3), …: llama.cpp's NORM."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


class Block(nn.Module):
    """One decoder layer: attention, then the feed-forward part, each with its residual."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        kv_width = config.kv_heads * config.head_dim
        self.attn_norm = RMSNorm(config.dim, config.eps)
        self.ffn_norm = RMSNorm(config.dim, config.eps)
        self.wq = nn.Linear(config.dim, config.heads * config.head_dim, bias=False)
        self.wk = nn.Linear(config.dim, kv_width, bias=False)
        self.wv = nn.Linear(config.dim, kv_width, bias=False)
        self.wo = nn.Linear(config.heads * config.head_dim, config.dim, bias=False)
        self.gate = nn.Linear(config.dim, config.ffn, bias=False)
        self.up = nn.Linear(config.dim, config.ffn, bias=False)
        self.down = nn.Linear(config.ffn, config.dim, bias=False)

    def attention(self, x, cos, sin):
        """Grouped-query attention over the whole sequence."""
        config = self.config
        batch, time, _ = x.shape

        def heads(projected, count):
            return projected.view(batch, time, count, config.head_dim).transpose(1, 2)

        query = rope(heads(self.wq(x), config.heads), cos, sin)
        key = rope(heads(self.wk(x), config.kv_heads), cos, sin)
        value = heads(self.wv(x), config.kv_heads)
        if config.kv_heads != config.heads:
            repeats = config.heads // config.kv_heads
            key = key.repeat_interleave(repeats, 1)
            value = value.repeat_interleave(repeats, 1)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=config.causal)
        return self.wo(mixed.transpose(1, 2).reshape(batch, time, -1))

    def forward(self, x, cos, sin):
        """Add what attention and the feed-forward part have to say to the residual stream."""
        x = x + self.attention(self.attn_norm(x), cos, sin)
        hidden = self.ffn_norm(x)
        return x + self.down(F.silu(self.gate(hidden)) * self.up(hidden))


class Model(nn.Module):
    """Token ids in, logits over the vocabulary out."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.emb = nn.Embedding(config.vocab, config.dim)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = RMSNorm(config.dim, config.eps)
        cos, sin = rope_tables(config)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self._initialise()

    def _initialise(self):
        """Small normal weights; those that write to the residual stream smaller the deeper the model."""
        nn.init.normal_(self.emb.weight, std=0.02)
        residual_scale = math.sqrt(2 * self.config.layers)
        for block in self.blocks:
            for name, parameter in block.named_parameters():
                if parameter.ndim == 2:
                    writes_residual = name.startswith(("wo", "down"))
                    nn.init.normal_(parameter, std=0.02 / (residual_scale if writes_residual else 1))

    def forward(self, tokens):
        """Logits of every position of (batch, time) token ids."""
        time = tokens.shape[1]
        x = self.emb(tokens)
        if torch.is_autocast_enabled("cpu"):
            x = x.bfloat16()
        cos, sin = self.cos[:time].to(x.dtype), self.sin[:time].to(x.dtype)
        for block in self.blocks:
            x = block(x, cos, sin)
        return F.linear(self.norm(x), self.emb.weight.to(x.dtype))
