"""K BERT encoders of one shape in one stack: every weight has a leading dimension K, so that one GPU trains K settings
at once on the same batches, each with its own learning rate, start and loss. The arithmetic of each is that of korex
(src/engine/nn/encoder.ts, src/engine/nn/heads.ts): post-norm BERT, exact GELU, dropout, entity head; AdamW in float32, clipped by
each model's own norm, decay on all but biases and LayerNorm. On a GPU the products run in bfloat16.

Needs torch, numpy and safetensors. Used by tapt.py and search.py.
"""
import gzip
import json
import lzma
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import load_file, save_file

LABELS = 30
PAD = 1


def read_rows(path):
    opened = lzma.open(path, "rt") if str(path).endswith(".xz") else gzip.open(path, "rt")
    with opened as file:
        return json.load(file)


def read_encoder(folder):
    """Configuration and float32 weights of a Hugging Face folder, packed in 4-bit blocks or not; several files are joined."""
    folder = Path(folder)
    stored = {}
    for file in sorted(folder.glob("*.safetensors")):
        stored.update(load_file(file))
    weights = {}
    for name, array in stored.items():
        if name.endswith(".scale"):
            continue
        if name.endswith(".q4"):
            name = name.removesuffix(".q4")
            scale = stored[name + ".scale"].astype(np.float32)[:, :, None]
            codes = np.concatenate([array & 15, array >> 4], axis=2).astype(np.float32) - 8
            array = (codes * scale).reshape(array.shape[0], -1)
        weights[name] = array.astype(np.float32)
    config = json.loads((folder / "config.json").read_text())
    return config, weights


def write_encoder(folder, config, weights, layers, half=True):
    """An ordinary Hugging Face folder, float16 unless `half` is false."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    kept = {n: a for n, a in weights.items() if "encoder.layer." not in n or int(n.split(".")[2]) < layers}
    kind = np.float16 if half else np.float32
    save_file({n: np.ascontiguousarray(a.astype(kind)) for n, a in kept.items()}, folder / "model.safetensors", {"format": "pt"})
    (folder / "config.json").write_text(json.dumps({**config, "num_hidden_layers": layers}, indent=2) + "\n")


def is_decayed(name):
    return not name.endswith(".bias") and "LayerNorm" not in name


class Stack:
    """`specs`: (name, shape) of parameters that no encoder file has, drawn from N(0, 0.02²), biases 0, LayerNorm 1."""

    def __init__(self, encoders, layers, extra, device, seeds, dropout=0.1):
        config, _ = encoders[0]
        self.config, self.layers, self.device, self.dropout = config, layers, device, dropout
        self.heads = config["num_attention_heads"]
        self.hidden = config["hidden_size"]
        self.k = len(encoders)
        self.kind = torch.bfloat16 if device == "cuda" else torch.float32
        keep = lambda n: "pooler" not in n and ("encoder.layer." not in n or int(n.split(".")[2]) < layers)
        shapes = {n: a.shape for n, a in encoders[0][1].items() if keep(n)} | dict(extra)
        names = sorted(shapes, key=lambda n: (not is_decayed(n), n))
        sizes = [int(np.prod(shapes[n])) for n in names]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        self.places = {n: (int(starts[i]), sizes[i], tuple(shapes[n])) for i, n in enumerate(names)}
        self.decayed = sum(size for n, size in zip(names, sizes) if is_decayed(n))
        flat = np.zeros((self.k, int(starts[-1])), np.float32)
        for k, (_, weights) in enumerate(encoders):
            random = np.random.default_rng(seeds[k])
            for name in names:
                start, size, shape = self.places[name]
                if name in weights:
                    value = weights[name]
                elif name.endswith(".bias"):
                    value = np.zeros(shape, np.float32)
                elif "LayerNorm" in name:
                    value = np.ones(shape, np.float32)
                else:
                    value = random.normal(0, config["initializer_range"], shape).astype(np.float32)
                flat[k, start:start + size] = value.reshape(-1)
        self.flat = torch.from_numpy(flat).to(device)
        # Products read copies in the arithmetic's own type, and leave gradients in it.
        self.live = self.flat.to(self.kind, copy=True)
        self.slope = torch.zeros_like(self.live)
        self.gradient = torch.zeros_like(self.flat)
        self.w = {}
        for name, (start, size, shape) in self.places.items():
            leaf = self.live[:, start:start + size].view(self.k, *shape).detach().requires_grad_()
            leaf.grad = self.slope[:, start:start + size].view(self.k, *shape)
            self.w[name] = leaf
        self.average = None

    def optimizer(self, rates, weight_decay=0.01, layer_decay=1.0):
        """One group a model and kind of weight, each a single flat tensor (a tensor a layer where rates fall by layer)."""
        self.rates = rates
        groups = []
        for k, rate in enumerate(rates):
            for start, end, decay in ((0, self.decayed, weight_decay), (self.decayed, self.flat.shape[1], 0.0)):
                for a, b, depth in self._pieces(start, end, layer_decay):
                    piece = torch.nn.Parameter(self.flat[k, a:b], requires_grad=True)
                    piece.grad = self.gradient[k, a:b]
                    share = layer_decay ** depth
                    groups.append({"params": [piece], "lr": rate * share, "peak": rate * share, "weight_decay": decay})
        self.adamw = torch.optim.AdamW(groups, lr=1e-4, eps=1e-8, fused=self.device == "cuda")

    def _pieces(self, start, end, layer_decay):
        if layer_decay == 1.0:
            return [(start, end, 0)]
        pieces = []
        for name, (at, size, _) in self.places.items():
            if not start <= at < end:
                continue
            depth = 0
            if "embeddings." in name and "predictions" not in name:
                depth = self.layers + 1
            elif "encoder.layer." in name:
                depth = self.layers - int(name.split(".")[2])
            if pieces and pieces[-1][2] == depth:
                pieces[-1] = (pieces[-1][0], at + size, depth)
            else:
                pieces.append((at, at + size, depth))
        return pieces

    def step(self, loss, share, clip=1.0, averaging=0.0):
        """Backward, clipping, AdamW at `share` of each peak rate; `averaging` > 0 keeps a moving average of the weights."""
        self.slope.zero_()
        loss.backward()
        self.gradient.copy_(self.slope)
        norm = self.gradient.norm(dim=1, keepdim=True)
        self.gradient.mul_(torch.clamp(clip / (norm + 1e-6), max=1.0))
        for group in self.adamw.param_groups:
            group["lr"] = group["peak"] * share
        self.adamw.step()
        if averaging > 0:
            if self.average is None:
                self.average = self.flat.clone()
            self.average.lerp_(self.flat, 1 - averaging)
        self.live.copy_(self.flat)

    def weights(self, k):
        flat = self.flat[k].float().cpu().numpy()
        return {n: flat[s:s + size].reshape(shape) for n, (s, size, shape) in self.places.items()}

    def linear(self, x, name):
        return torch.baddbmm(self.w[f"{name}.bias"].unsqueeze(1), x, self.w[f"{name}.weight"].transpose(1, 2))

    def norm(self, x, name):
        weight, bias = self.w[f"{name}.weight"], self.w[f"{name}.bias"]
        if self.k == 1:
            return F.layer_norm(x, (x.shape[-1],), weight[0], bias[0], 1e-12)
        return torch.addcmul(bias.unsqueeze(1), F.layer_norm(x, (x.shape[-1],), None, None, 1e-12), weight.unsqueeze(1))

    def encode(self, ids, mask, train):
        """States (K, B·L, hidden). `ids` (K or 1, B, L) int64, `mask` (K or 1, B, L), true at tokens."""
        k, h = self.k, self.hidden
        _, b, l = ids.shape
        rate = self.dropout if train else 0.0
        words = self.w["embeddings.word_embeddings.weight"]
        offsets = torch.arange(k, device=ids.device).view(k, 1, 1) * words.shape[1]
        x = F.embedding(ids.expand(k, b, l) + offsets, words.reshape(-1, h))
        places = self.w["embeddings.position_embeddings.weight"][:, :l] + self.w["embeddings.token_type_embeddings.weight"][:, :1]
        x = (x + places.unsqueeze(1)).view(k, b * l, h)
        x = F.dropout(self.norm(x, "embeddings.LayerNorm"), rate, train)
        seen = mask.expand(k, b, l).reshape(k * b, 1, 1, l).expand(k * b, self.heads, l, l)
        split = lambda y: y.view(k * b, l, self.heads, h // self.heads).transpose(1, 2)
        for layer in range(self.layers):
            at = f"encoder.layer.{layer}"
            q, key, v = (split(self.linear(x, f"{at}.attention.self.{n}")) for n in ("query", "key", "value"))
            context = F.scaled_dot_product_attention(q, key, v, attn_mask=seen, dropout_p=rate)
            context = context.transpose(1, 2).reshape(k, b * l, h)
            attended = F.dropout(self.linear(context, f"{at}.attention.output.dense"), rate, train)
            x = self.norm(attended + x, f"{at}.attention.output.LayerNorm")
            inner = F.gelu(self.linear(x, f"{at}.intermediate.dense"))
            x = self.norm(F.dropout(self.linear(inner, f"{at}.output.dense"), rate, train) + x, f"{at}.output.LayerNorm")
        return x


def batches(lengths, size, seed, epoch, mega=50):
    """Batches of similar length in random order, as src/engine/train/batches.ts makes them (other random numbers)."""
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(lengths))
    result = []
    for start in range(0, len(order), size * mega):
        part = sorted(order[start:start + size * mega], key=lambda i: -lengths[i])
        result += [part[at:at + size] for at in range(0, len(part), size)]
    return [result[i] for i in random.permutation(len(result))]


def token_batches(lengths, tokens, random):
    """Batches of about `tokens` padded tokens, of similar length."""
    order = random.permutation(len(lengths))
    order = order[np.argsort(np.asarray(lengths)[order] // 4, kind="stable")]
    result, batch, width = [], [], 0
    for i in order:
        width = max(width, lengths[i])
        if batch and width * (len(batch) + 1) > tokens:
            result.append(batch)
            batch, width = [], lengths[i]
        batch.append(i)
    result.append(batch)
    return [result[i] for i in random.permutation(len(result))]


def padded(rows, multiple=8):
    width = -(-max(map(len, rows)) // multiple) * multiple
    ids = np.full((len(rows), width), PAD, np.int64)
    for i, row in enumerate(rows):
        ids[i, :len(row)] = row
    return ids


def to(device, array):
    tensor = torch.from_numpy(array)
    return tensor.pin_memory().to(device, non_blocking=True) if device == "cuda" else tensor


def schedule(step, steps, warmup, shape):
    """The share of the peak rate, as src/engine/train/schedule.ts."""
    first = int(np.ceil(warmup * steps))
    if step < first:
        return step / max(1, first)
    progress = (step - first) / max(1, steps - first)
    return 1 - progress if shape == "linear" else (1 + np.cos(np.pi * progress)) / 2
