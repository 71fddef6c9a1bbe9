#!/usr/bin/env python3
"""Fine-tuning recipes of the relation model compared on held-out training rows; the test rows are read only for a stack
that says so (`test`), at the very end. Each stack of SPECS.json trains its members at once, on the same batches; a stack that
the time does not suffice for is judged at the step it has reached; `steps` and `of` say which.

Marker typed-punct; head `start` (states at both opening markers), `mean` (mean states of both words) or `start-mean`
(both), then dropout, dense, tanh, dropout, dense, as korex's `entity-start`.

Usage: search.py SPECS.json ROWS OUT --encoders FOLDER --only NAME,NAME --seconds 280   (see README.md)
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import auc, precision_recall_curve

from stack import LABELS, Stack, batches, padded, read_encoder, read_rows, schedule, to

DEFAULTS = {
    "layers": 12, "batch": 32, "epochs": 4, "schedule": "linear", "warmup": 0.1, "dropout": 0.1, "head": "start", "question": False,
    "layer_decay": 1.0, "averaging": 0.0, "rows": None, "all_rows": False, "test": None,
}
MEMBER = {"lr": 1e-4, "smoothing": 0.0, "weights": "none", "seed": 1}
#: `no_relation` in KLUE-RE's dev and test sets (Park et al., 2021, table of statistics): 59–60 %; in train 29 %.
TEST_PRIOR = 0.6


def scores(gold, logits, weight=None):
    """KLUE's figures as src/base/eval/metrics.ts computes them; `weight` per row."""
    z = np.exp(logits - logits.max(1, keepdims=True))
    p = z / z.sum(1, keepdims=True)
    guess = logits.argmax(1)
    w = np.ones(len(gold)) if weight is None else weight
    right = np.bincount(gold, w * (gold == guess), LABELS)
    rows = np.bincount(gold, w, LABELS)
    taken = np.bincount(guess, w, LABELS)
    f1 = np.where(rows + taken > 0, 2 * right / np.maximum(rows + taken, 1e-9), 0)
    areas = []
    for label in range(LABELS):
        if rows[label] > 0:
            precision, recall, _ = precision_recall_curve(gold == label, p[:, label], sample_weight=w)
            areas.append(auc(recall, precision))
    ce = -(w * np.log(p[np.arange(len(gold)), gold] + 1e-12)).sum() / w.sum()
    return {
        "accuracy": float(right.sum() / w.sum()), "macro_f1": float(f1.mean()),
        "micro_f1": float(2 * right[1:].sum() / (rows[1:].sum() + taken[1:].sum())), "auprc": float(np.mean(areas)), "loss": float(ce),
    }


def report(gold, logits, prior):
    """Plain; rows weighed as if TEST_PRIOR of them were no_relation; and the latter with that prior in the decision."""
    weight = np.where(gold == 0, TEST_PRIOR / (gold == 0).mean(), (1 - TEST_PRIOR) / (gold != 0).mean())
    shifted = logits.copy()
    shifted[:, 0] += np.log(TEST_PRIOR / prior)
    shifted[:, 1:] += np.log((1 - TEST_PRIOR) / (1 - prior))
    return {"plain": scores(gold, logits), "reweighted": scores(gold, logits, weight), "reweighted_shifted": scores(gold, shifted, weight)}


def layout(rows, question):
    """Ids and places of a row; a leading question sentence moves them."""
    result = []
    for row in rows:
        ids, reads, words = row["ids"], row["reads"], row["words"]
        if question:
            lead = [0, *row["question"], 2]
            ids = [*lead, *ids[1:]][:256]
            shift = len(lead) - 1
            reads = [min(r + shift, 255) for r in reads]
            words = [[min(a + shift, 254), min(b + shift, 255)] for a, b in words]
        result.append((ids, reads, words))
    return result


class Run:
    def __init__(self, spec, data, encoders, device):
        self.spec = spec = DEFAULTS | spec
        self.members = [MEMBER | m for m in spec["members"]]
        self.device = device
        names = [m.get("encoder", spec["encoder"]) for m in self.members]
        loaded = {n: read_encoder(Path(encoders) / n) for n in set(names)}
        config = next(iter(loaded.values()))[0]
        hidden = config["hidden_size"]
        self.reads = {"start": 2, "mean": 2, "start-mean": 4}[spec["head"]]
        extra = [
            ("classifier.dense.weight", (hidden, self.reads * hidden)), ("classifier.dense.bias", (hidden,)),
            ("classifier.out_proj.weight", (LABELS, hidden)), ("classifier.out_proj.bias", (LABELS,)),
        ]
        self.stack = Stack([loaded[n] for n in names], spec["layers"], extra, device, [m["seed"] for m in self.members], spec["dropout"])
        self.stack.optimizer([m["lr"] for m in self.members], layer_decay=spec["layer_decay"])
        fit = [r for r in data["rows"] if spec["all_rows"] or not r["held"]]
        if spec["rows"]:
            chosen = np.random.default_rng(5).permutation(len(fit))[:spec["rows"]]
            fit = [fit[i] for i in sorted(chosen)]
        held = [r for r in data["rows"] if r["held"]]
        self.fit, self.labels = layout(fit, spec["question"]), np.array([r["label"] for r in fit])
        self.held, self.gold = layout(held, spec["question"]), np.array([r["label"] for r in held])
        self.prior = float((self.labels == 0).mean())
        counts = np.bincount(self.labels, minlength=LABELS)
        self.class_weights = np.stack([class_weights(m["weights"], counts) for m in self.members])

    def logits(self, rows, train):
        stack, device = self.stack, self.device
        ids = padded([r[0] for r in rows])
        b, l = ids.shape
        parts = []
        at = np.arange(b)
        if "start" in self.spec["head"]:
            reads = np.zeros((b, 2, l), np.float32)
            for side in range(2):
                reads[at, side, [r[1][side] for r in rows]] = 1
            parts.append(reads)
        if "mean" in self.spec["head"]:
            reads = np.zeros((b, 2, l), np.float32)
            for i, r in enumerate(rows):
                for side, (start, end) in enumerate(r[2]):
                    reads[i, side, start:end] = 1 / (end - start)
            parts.append(reads)
        reads = to(device, np.concatenate(parts, 1)).to(stack.kind)
        ids = to(device, ids)
        states = stack.encode(ids.unsqueeze(0), (ids != 1).unsqueeze(0), train)
        read = torch.matmul(reads.unsqueeze(0), states.view(stack.k, b, l, -1)).reshape(stack.k, b, -1)
        rate = self.spec["dropout"]
        drop = lambda x: torch.nn.functional.dropout(x, rate, train)
        made = torch.tanh(stack.linear(drop(read), "classifier.dense"))
        return stack.linear(drop(made), "classifier.out_proj").float()

    def answers(self, rows):
        order = sorted(range(len(rows)), key=lambda i: -len(rows[i][0]))
        out = np.zeros((self.stack.k, len(rows), LABELS))
        with torch.no_grad():
            for start in range(0, len(order), 256):
                part = order[start:start + 256]
                out[:, part] = self.logits([rows[i] for i in part], False).cpu().numpy()
        return out

    def evaluate(self, rows, gold):
        return [report(gold, logits, self.prior) for logits in self.answers(rows)]

    def train(self, deadline):
        spec, stack = self.spec, self.stack
        torch.manual_seed(self.members[0]["seed"])
        lengths = [len(r[0]) for r in self.fit]
        per_epoch = -(-len(self.fit) // spec["batch"])
        steps, step, begin = int(per_epoch * spec["epochs"]), 0, time.time()
        smoothing = torch.tensor([m["smoothing"] for m in self.members], device=self.device).view(-1, 1, 1)
        weights = torch.from_numpy(self.class_weights.astype(np.float32)).to(self.device)
        losses, curve, checks = [], [], []
        while step < steps:
            for batch in batches(lengths, spec["batch"], self.members[0]["seed"], step // per_epoch):
                gold = to(self.device, self.labels[batch])
                logits = self.logits([self.fit[i] for i in batch], True)
                onehot = torch.nn.functional.one_hot(gold, LABELS).float().unsqueeze(0)
                target = onehot * (1 - smoothing) + smoothing / LABELS
                share = weights[:, gold]
                ce = -(target * torch.log_softmax(logits, -1)).sum(-1)
                loss = (ce * share).sum(1) / share.sum(1)
                stack.step(loss.sum(), schedule(step, steps, spec["warmup"], spec["schedule"]), averaging=spec["averaging"])
                losses.append(loss.detach())
                step += 1
                if step >= steps or time.time() > deadline:
                    break
            curve.append(torch.stack(losses).mean(0).tolist())
            losses = []
            if time.time() > deadline:
                break
            if not spec["all_rows"] and step < steps and step // per_epoch == int(spec["epochs"]) // 2:
                checks.append({"step": step, "validation": self.evaluate(self.held, self.gold)})
        return {"steps": step, "of": steps, "seconds": round(time.time() - begin, 1), "train_loss": curve, "checks": checks}


def class_weights(kind, counts):
    share = {"none": 0.0, "sqrt": 0.5, "balanced": 1.0}[kind]
    weights = np.where(counts > 0, 1 / np.maximum(counts, 1) ** share, 0)
    return weights / weights.sum() * (counts > 0).sum()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("specs")
    parser.add_argument("rows")
    parser.add_argument("out")
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=280)
    parser.add_argument("--encoders", default=".")
    args = parser.parse_args()
    deadline = time.time() + args.seconds
    device = "cuda" if torch.cuda.is_available() else "cpu"
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    data = read_rows(args.rows)
    specs = json.loads(Path(args.specs).read_text())
    wanted = args.only.split(",") if args.only else list(specs)
    for name in wanted:
        if time.time() > deadline - 8:
            print(f"{name}: no time left", flush=True)
            continue
        spec = specs[name]
        run = Run(spec, data, args.encoders, device)
        facts = {"name": name, "settings": run.spec, "members": run.members, "fit_rows": len(run.fit), "held_rows": len(run.held), **run.train(deadline)}
        if not run.spec["all_rows"]:
            facts["validation"] = run.evaluate(run.held, run.gold)
        if run.spec["averaging"]:
            run.stack.live.copy_(run.stack.average)
            facts["validation_averaged"] = run.evaluate(run.held, run.gold)
        if run.spec["test"] and facts["steps"] == facts["of"]:
            test = read_rows(Path(args.rows).parent / run.spec["test"])["rows"]
            gold = np.array([r["label"] for r in test])
            logits = run.answers(layout(test, run.spec["question"]))
            # The prior in the decision: a known fact of the data set, not fitted on these rows.
            shifted = logits.copy()
            shifted[:, :, 0] += np.log(TEST_PRIOR / run.prior)
            shifted[:, :, 1:] += np.log((1 - TEST_PRIOR) / (1 - run.prior))
            facts["test"] = [{"plain": scores(gold, a), "shifted": scores(gold, b)} for a, b in zip(logits, shifted)]
        facts["versions"] = {"torch": torch.__version__, "device": torch.cuda.get_device_name() if device == "cuda" else "cpu"}
        (out / f"{name}.json").write_text(json.dumps(facts) + "\n")
        for kind in ("validation", "validation_averaged", "test"):
            for member, result in zip(run.members, facts.get(kind, [])):
                figures = {k: " ".join(f"{v[m]:.3f}" for m in ("accuracy", "macro_f1", "micro_f1", "auprc", "loss")) for k, v in result.items()}
                print(name, kind, {k: v for k, v in member.items() if v != MEMBER.get(k)}, figures, facts["steps"], facts["seconds"], flush=True)
        del run
        if device == "cuda":
            torch.cuda.empty_cache()


main()
