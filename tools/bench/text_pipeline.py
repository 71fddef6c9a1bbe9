#!/usr/bin/env python3
"""The entities of sentences and the relation of each pair of them, by transformers on the same weights and token ids as korex.

Started by `korex bench --only text --against pipeline`; reads requests, see line_server.py (needs torch, transformers, safetensors).
"""
import json
import time

import torch
import transformers
from line_server import serve
from safetensors.torch import load_file
from transformers import AutoModel, AutoModelForTokenClassification

state = {}


def load(entities, relations, rows, threads, batch_size):
    """`rows`: a JSON file with `sentences` (token ids) and `pairs` (token ids, and the spans whose mean states the head reads)."""
    torch.set_num_threads(threads)
    weights = load_file(f"{relations}/model.safetensors")
    with open(rows) as file:
        given = json.load(file)
    state.update(
        tagger=AutoModelForTokenClassification.from_pretrained(entities).eval(),
        encoder=AutoModel.from_pretrained(relations).eval(),
        head={name: weights[f"classifier.{name}"] for name in ("dense.weight", "dense.bias", "out_proj.weight", "out_proj.bias")},
        sentences=given["sentences"], pairs=given["pairs"], batch_size=batch_size)
    return {"torch": torch.__version__, "transformers": transformers.__version__, "threads": torch.get_num_threads()}


def batches(rows, size):
    """Rows of similar length, padded, with their mask and their indices."""
    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    for start in range(0, len(order), size):
        chosen = order[start:start + size]
        width = max(len(rows[row]) for row in chosen)
        ids = torch.zeros(len(chosen), width, dtype=torch.long)
        mask = torch.zeros(len(chosen), width, dtype=torch.long)
        for at, row in enumerate(chosen):
            ids[at, :len(rows[row])] = torch.tensor(rows[row])
            mask[at, :len(rows[row])] = 1
        yield chosen, ids, mask


@torch.inference_mode()
def run():
    """Tag ids of each sentence's tokens, then a label id for each pair."""
    start = time.perf_counter()
    tags = [[] for _ in state["sentences"]]
    for chosen, ids, mask in batches(state["sentences"], state["batch_size"]):
        best = state["tagger"](input_ids=ids, attention_mask=mask).logits.argmax(-1).tolist()
        for at, row in enumerate(chosen):
            tags[row] = best[at][:len(state["sentences"][row])]
    labels = [0] * len(state["pairs"])
    head = state["head"]
    for chosen, ids, mask in batches([pair["ids"] for pair in state["pairs"]], state["batch_size"]):
        states = state["encoder"](input_ids=ids, attention_mask=mask).last_hidden_state
        pooled = torch.stack([
            torch.cat([states[at, begin:end].mean(0) for begin, end in state["pairs"][row]["spans"]])
            for at, row in enumerate(chosen)
        ])
        hidden = torch.tanh(torch.nn.functional.linear(pooled, head["dense.weight"], head["dense.bias"]))
        best = torch.nn.functional.linear(hidden, head["out_proj.weight"], head["out_proj.bias"]).argmax(-1).tolist()
        for at, row in enumerate(chosen):
            labels[row] = best[at]
    return {"seconds": time.perf_counter() - start, "tags": tags, "labels": labels}


serve({"load": load, "run": run})
