#!/usr/bin/env python3
"""Packs an encoder's matrices in 4-bit blocks of 32, as models/encoder-ko and src/engine/nn/weights/packed.ts have them: per
block, the scale of a grid of candidates that leaves the least squared error. Prints the error that packing leaves.

Usage: pack.py ENCODER LAYERS OUT   (needs numpy, safetensors and torch)
"""
import json
import shutil
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from stack import read_encoder

BLOCK = 32
#: Multiples of the scale that maps the block's extreme to -8.
CANDIDATES = np.linspace(0.7, 1.1, 17)


def codes_of(blocks, scale):
    inverse = np.divide(1, scale, out=np.zeros_like(scale), where=scale != 0)
    return np.clip(np.rint(blocks * inverse[..., None]), -8, 7)


def pack(matrix):
    blocks = matrix.reshape(matrix.shape[0], -1, BLOCK)
    extreme = np.take_along_axis(blocks, np.abs(blocks).argmax(2)[..., None], 2)[..., 0]
    best = np.full(extreme.shape, np.inf)
    chosen = np.zeros(extreme.shape, np.float32)
    for sign in (1, -1):
        for share in CANDIDATES:
            scale = (sign * share * extreme / -8).astype(np.float16).astype(np.float32)
            error = ((codes_of(blocks, scale) * scale[..., None] - blocks) ** 2).sum(2)
            chosen = np.where(error < best, scale, chosen)
            best = np.minimum(error, best)
    codes = (codes_of(blocks, chosen) + 8).astype(np.uint8)
    return codes[..., :16] | (codes[..., 16:] << 4), chosen.astype(np.float16), best.sum() / (matrix**2).sum()


source, layers, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
config, weights = read_encoder(source)
packed, errors = {}, {}
for name, array in weights.items():
    if "encoder.layer." in name and int(name.split(".")[2]) >= layers:
        continue
    if array.ndim == 2 and name.endswith(("word_embeddings.weight", "dense.weight", "query.weight", "key.weight", "value.weight")):
        packed[f"{name}.q4"], packed[f"{name}.scale"], errors[name] = pack(array)
    else:
        packed[name] = array
out.mkdir(parents=True, exist_ok=True)
save_file(packed, out / "model.q4.safetensors", metadata={"format": "q4_0"})
(out / "config.json").write_text(json.dumps({**config, "num_hidden_layers": layers}, indent=2, ensure_ascii=False) + "\n")
for file in ("tokenizer.json", "tokenizer_config.json"):
    shutil.copyfile(source / file, out / file)
size = (out / "model.q4.safetensors").stat().st_size
print(f"{size / 1e6:.1f} MB, relative error of the matrices {np.sqrt(np.mean(list(errors.values()))):.3f}, largest {np.sqrt(max(errors.values())):.3f}")
