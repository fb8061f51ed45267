"""Masked diffusion: which positions of a canvas are masked, and what predicting them costs."""

import torch
import torch.nn.functional as F

LEAST_MASKED = 0.02  # share of a canvas that is masked at least
PROMPTED = 0.34  # share of the canvases that keep a prompt
LONGEST_PROMPT = 0.4  # as a share of the canvas


def mask(rows, length, device):
    """Which positions of `rows` canvases are masked, (rows, length), and the share of masks, (rows, 1).

    The shares are spread evenly over the batch from a random start, which makes losses of batches vary less.
    The first token is never masked: it begins the text. Some rows keep a prompt: only what follows is masked.
    """
    share = (torch.rand(1) + torch.arange(rows) / rows).remainder(1.0)[:, None]
    share = share * (1 - LEAST_MASKED) + LEAST_MASKED
    masked = torch.rand(rows, length) < share
    prompted = torch.rand(rows) < PROMPTED
    kept = torch.where(prompted, torch.rand(rows) * length * LONGEST_PROMPT, torch.zeros(rows)).long()
    masked &= torch.arange(length)[None, :] >= kept[:, None]
    masked[:, 0] = False
    return masked.to(device), share.to(device)


def loss(logits, canvas, masked, share, shift):
    """The masked tokens' loss weighted by 1 / masked share, in nats a token.

    With `shift` row i predicts token i + 1, as in the causal model whose weights training can start from.
    """
    positions = canvas.numel()
    if shift:
        logits, canvas, masked = logits[:, :-1], canvas[:, 1:], masked[:, 1:]
    _, length, vocab = logits.shape
    wanted = masked.reshape(-1).nonzero().squeeze(1)
    predicted = logits.reshape(-1, vocab)[wanted].float()
    losses = F.cross_entropy(predicted, canvas.reshape(-1)[wanted], reduction="none")
    return (losses / share[wanted // length, 0]).sum() / positions
