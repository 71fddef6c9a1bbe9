#!/usr/bin/env python3
"""Continued masked-language-model pretraining of an encoder on the task's training sentences (TAPT, Gururangan et al.,
2020, arXiv:2004.10964). Held-out rows' sentences are left out; half of the inputs are plain, half marked as the
relation model reads them (typed-punct), so that markers and type words are known to the encoder.

Dynamic masking, 80/10/10 (Devlin et al., 2019, arXiv:1810.04805), of pieces or of whole words; output embedding tied.

Usage: tapt.py ENCODER ROWS OUT --layers 12 --masking word --seconds 200   (rows by rows.mjs; see README.md)
"""
import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from stack import Stack, padded, read_encoder, read_rows, schedule, to, token_batches, write_encoder

#: Ids of the bundled encoder's tokenizer: <mask>, and the first that is no special token.
MASK, FIRST = 20093, 4

parser = argparse.ArgumentParser()
parser.add_argument("encoder")
parser.add_argument("rows")
parser.add_argument("out")
parser.add_argument("--layers", type=int, default=12)
parser.add_argument("--masking", default="word", help="word or piece; several, with commas, train side by side")
parser.add_argument("--rate", type=float, default=0.15)
parser.add_argument("--lr", type=float, default=4e-4)
parser.add_argument("--tokens", type=int, default=16384, help="tokens a batch")
parser.add_argument("--epochs", type=float, default=0, help="0: as many as --seconds allow, measured in the first steps")
parser.add_argument("--seconds", type=float, default=60)
parser.add_argument("--warmup-steps", type=int, default=400)
parser.add_argument("--seed", type=int, default=42)
args = parser.parse_args()

begin = time.time()
torch.manual_seed(args.seed)
torch.backends.cuda.matmul.allow_tf32 = True
device = "cuda" if torch.cuda.is_available() else "cpu"
data = read_rows(args.rows)
word_starts = np.array(data["wordStarts"], bool)
vocabulary = len(word_starts)
held = {row["sentence"] for row in data["rows"] if row["held"]}
marked = {}
for row in data["rows"]:
    marked.setdefault(row["sentence"], []).append(row["ids"])
sentences = [s for s in range(len(data["plain"])) if s not in held]

config, weights = read_encoder(args.encoder)
hidden = config["hidden_size"]
head = "cls.predictions.transform"
maskings = args.masking.split(",")
extra = [
    (f"{head}.dense.weight", (hidden, hidden)),
    (f"{head}.dense.bias", (hidden,)),
    (f"{head}.LayerNorm.weight", (hidden,)),
    (f"{head}.LayerNorm.bias", (hidden,)),
    ("cls.predictions.bias", (vocabulary,)),
]
stack = Stack([(config, weights)] * len(maskings), args.layers, extra, device, [args.seed] * len(maskings))
stack.optimizer([args.lr] * len(maskings))


def inputs(epoch, random):
    """One input a sentence: plain, or one of its marked rows."""
    rows = []
    for s in sentences:
        rows.append(marked[s][random.integers(len(marked[s]))] if random.random() < 0.5 else data["plain"][s])
    return rows


def mask(ids, masking, random):
    """Masked ids, and the places and ids to predict; as many in each row of the stack."""
    flat = ids.reshape(-1)
    free = flat >= FIRST
    count = int(args.rate * free.sum())
    if masking == "word":
        words = np.cumsum(word_starts[flat] | ~free)
        score = random.random(words[-1] + 1)[words]
    else:
        score = random.random(len(flat))
    score[~free] = 2
    chosen = np.argpartition(score, count)[:count]
    gold = flat[chosen].copy()
    what = random.random(count)
    masked = flat.copy()
    masked[chosen] = np.where(what < 0.8, MASK, np.where(what < 0.9, random.integers(FIRST, vocabulary - 1, count), gold))
    return masked.reshape(ids.shape), chosen, gold


def loss_of(rows, random, train=True):
    ids = padded(rows)
    made = [mask(ids, masking, random) for masking in maskings]
    masked, chosen, gold = (to(device, np.stack([m[i] for m in made])) for i in range(3))
    states = stack.encode(masked, to(device, ids != 1).unsqueeze(0), train)
    read = torch.gather(states, 1, chosen.unsqueeze(-1).expand(-1, -1, hidden))
    made = stack.norm(F.gelu(stack.linear(read, f"{head}.dense")), f"{head}.LayerNorm")
    table = stack.w["embeddings.word_embeddings.weight"]
    logits = torch.baddbmm(stack.w["cls.predictions.bias"].unsqueeze(1), made, table.transpose(1, 2))
    return torch.stack([F.cross_entropy(logits[k].float(), gold[k]) for k in range(stack.k)])


def held_out():
    """Mean loss over held-out sentences, the same masks each time."""
    random = np.random.default_rng(7)
    rows = [data["plain"][s] for s in sorted(held)][:1000]
    with torch.no_grad():
        losses = [loss_of([rows[i] for i in b], random, False) for b in token_batches(list(map(len, rows)), args.tokens, random)]
    return torch.stack(losses).mean(0).tolist()


log, steps, step, epoch, started = [], None, 0, 0, time.time()
running = []
while steps is None or step < steps:
    random = np.random.default_rng([args.seed, epoch])
    rows = inputs(epoch, random)
    groups = token_batches([len(r) for r in rows], args.tokens, random)
    if args.epochs:
        steps = round(args.epochs * len(groups))
    for group in groups:
        if steps is None and step == 60:
            if device == "cuda":
                torch.cuda.synchronize()
            a_step = (time.time() - measured) / 40
            steps = max(80, int((args.seconds - (time.time() - begin) - 4) / a_step))
            print(f"{a_step * 1000:.1f} ms a step, {steps} steps, {steps / len(groups):.1f} epochs", flush=True)
        if step == 20:
            if device == "cuda":
                torch.cuda.synchronize()
            measured = time.time()
        losses = loss_of([rows[i] for i in group], random)
        total = steps or 10_000
        warm = min(args.warmup_steps, total // 5)
        stack.step(losses.sum(), schedule(step, total, warm / total, "linear"))
        running.append(losses.detach())
        step += 1
        if step % 200 == 0 or step == steps:
            mean = torch.stack(running).mean(0).tolist()
            running = []
            if not np.isfinite(mean).all():
                sys.exit(f"the loss became {mean} at step {step}")
            log.append({"step": step, "seconds": round(time.time() - started, 1), "loss": mean})
            if step % 1000 == 0 or step == steps:
                log[-1]["held_out"] = held_out()
                print(json.dumps(log[-1]), flush=True)
        if step == steps:
            break
    epoch += 1

for k, masking in enumerate(maskings):
    out = Path(args.out) if len(maskings) == 1 else Path(f"{args.out}-{masking}")
    kept = {n: a for n, a in stack.weights(k).items() if not n.startswith("cls.")}
    write_encoder(out, config, kept, args.layers)
    facts = {
        "settings": vars(args) | {"masking": masking, "rows": Path(args.rows).name, "encoder": Path(args.encoder).name, "out": out.name},
        "sentences": len(sentences), "steps": step, "epochs": round(step / len(groups), 2), "parameters": int(stack.flat.shape[1]),
        "seconds": round(time.time() - begin, 1),
        "log": [{**entry, "loss": entry["loss"][k], **({"held_out": entry["held_out"][k]} if "held_out" in entry else {})} for entry in log],
        "versions": {"torch": torch.__version__, "device": torch.cuda.get_device_name() if device == "cuda" else "cpu"},
    }
    (out / "tapt.json").write_text(json.dumps(facts, indent=1) + "\n")
print(f"done in {time.time() - begin:.0f} s", flush=True)
