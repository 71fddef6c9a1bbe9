#!/usr/bin/env python3
"""Answers by Hugging Face's text-classification pipeline, and by PyTorch on length-sorted batches.

Started by `korex bench --against pipeline`; reads requests, see line_server.py (needs torch, transformers).
"""
import json
import time

import torch
import transformers
from line_server import serve
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

state = {}


def load(folder, rows, threads, batch_size, max_length):
    """`rows`: a JSON file with a list of texts."""
    torch.set_num_threads(threads)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    with open(rows) as file:
        state.update(texts=json.load(file), model=model, tokenizer=tokenizer, batch_size=batch_size,
                     max_length=max_length, pipe=pipeline("text-classification", model=model, tokenizer=tokenizer))
    return {"torch": torch.__version__, "transformers": transformers.__version__, "threads": torch.get_num_threads()}


def run(how):
    """A label for each text."""
    texts = state["texts"]
    start = time.perf_counter()
    labels = {"pipeline": by_pipeline, "sorted": by_sorted_batches}[how](texts)
    return {"seconds": time.perf_counter() - start, "labels": labels}


def by_pipeline(texts):
    answers = state["pipe"](texts, batch_size=state["batch_size"], truncation=True, max_length=state["max_length"])
    return [answer["label"] for answer in answers]


@torch.inference_mode()
def by_sorted_batches(texts):
    model, tokenizer, size = state["model"], state["tokenizer"], state["batch_size"]
    ids = tokenizer(texts, truncation=True, max_length=state["max_length"])["input_ids"]
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    labels = [""] * len(texts)
    for start in range(0, len(order), size):
        chosen = order[start:start + size]
        batch = tokenizer.pad({"input_ids": [ids[row] for row in chosen]}, return_tensors="pt")
        for row, label in zip(chosen, model(**batch).logits.argmax(-1).tolist()):
            labels[row] = model.config.id2label[label]
    return labels


serve({"load": load, "run": run})
