#!/usr/bin/env python3
"""Training steps by PyTorch on the same model and batches as korex: forward, backward, clipping, AdamW.

Started by `korex bench --against pytorch`; reads requests, see line_server.py (needs torch, transformers, safetensors).
"""
import contextlib
import json
import statistics
import time

import torch
import transformers
from line_server import serve
from transformers import AutoConfig, AutoModelForSequenceClassification

state = {}


def load(folder, batches, threads, dropout, lr, weight_decay, clip):
    """`batches`: a JSON file with a list of {"ids": rows of token ids, "labels"}."""
    torch.set_num_threads(threads)
    rates = dict(hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout, classifier_dropout=dropout)
    config = AutoConfig.from_pretrained(folder, **rates)
    model = AutoModelForSequenceClassification.from_pretrained(folder, config=config).train()
    decayed = lambda name: not name.endswith("bias") and "LayerNorm" not in name
    optimizer = torch.optim.AdamW([
        {"params": [p for n, p in model.named_parameters() if decayed(n)], "weight_decay": weight_decay},
        {"params": [p for n, p in model.named_parameters() if not decayed(n)], "weight_decay": 0.0},
    ], lr=lr, fused=True)  # as transformers' default `adamw_torch_fused`
    with open(batches) as file:
        padded = [pad(batch, config.pad_token_id) for batch in json.load(file)]
    state.update(model=model, optimizer=optimizer, batches=padded, clip=clip)
    return {"torch": torch.__version__, "transformers": transformers.__version__, "threads": torch.get_num_threads()}


def pad(batch, pad_token_id):
    width = max(map(len, batch["ids"]))
    return dict(
        input_ids=torch.tensor([row + [pad_token_id] * (width - len(row)) for row in batch["ids"]]),
        attention_mask=torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in batch["ids"]]),
        labels=torch.tensor(batch["labels"]),
    )


def step(index, precision):
    model, optimizer = state["model"], state["optimizer"]
    batch = state["batches"][index % len(state["batches"])]
    autocast = torch.autocast("cpu", dtype=torch.bfloat16) if precision == "bf16" else contextlib.nullcontext()
    start = time.perf_counter()
    with autocast:
        loss = model(**batch).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), state["clip"])
    optimizer.step()
    optimizer.zero_grad()
    return {"seconds": time.perf_counter() - start, "loss": loss.item()}


def operators(steps):
    """The time of a step by operator, by PyTorch's profiler: of each its own, without that of operators within."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profiler:
        for index in range(steps):
            step(index, "fp32")
    return {"operators": [
        {"op": event.key, "calls": event.count / steps, "milliseconds": event.self_cpu_time_total / 1000 / steps}
        for event in profiler.key_averages()]}


def product(batch, rows, inner, columns, transA, transB, warmup, runs):
    """The median time of a matrix product alone."""
    def operand(first, second, flipped):
        shape = ([batch] if batch > 1 else []) + ([second, first] if flipped else [first, second])
        values = torch.rand(shape) - 0.5
        return values.mT if flipped else values

    a, b = operand(rows, inner, transA), operand(inner, columns, transB)
    return {"milliseconds": statistics.median([timed(lambda: a @ b) for _ in range(warmup + runs)][warmup:])}


def timed(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


serve({"load": load, "step": step, "operators": operators, "product": product})
