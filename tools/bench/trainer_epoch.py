#!/usr/bin/env python3
"""An epoch by Hugging Face's Trainer on given rows, its defaults but for what the request says.

Started by `korex bench --against trainer`; reads requests, see line_server.py (needs torch, transformers, accelerate).
"""
import json
import tempfile
import time

import torch
import transformers
from line_server import serve
from transformers import (AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer,
                          TrainingArguments)

state = {}


def load(folder, rows, threads, batch_size, max_length, seed):
    """`rows`: a JSON file with a list of {"text", "label"}."""
    torch.set_num_threads(threads)
    with open(rows) as file:
        state.update(rows=json.load(file), folder=folder, batch_size=batch_size, max_length=max_length, seed=seed)
    return {"torch": torch.__version__, "transformers": transformers.__version__, "threads": torch.get_num_threads()}


def epoch(sampling, steps):
    """Tokenizes the rows and trains an epoch, or only its first `steps`; the model is loaded outside the timing."""
    model = AutoModelForSequenceClassification.from_pretrained(state["folder"])
    tokenizer = AutoTokenizer.from_pretrained(state["folder"])
    with tempfile.TemporaryDirectory() as output:
        arguments = TrainingArguments(
            output_dir=output, num_train_epochs=1, max_steps=-1 if steps is None else steps,
            per_device_train_batch_size=state["batch_size"], train_sampling_strategy=sampling, seed=state["seed"],
            use_cpu=True, save_strategy="no", report_to="none", disable_tqdm=True)
        start = time.perf_counter()
        encoded = tokenizer([row["text"] for row in state["rows"]], truncation=True, max_length=state["max_length"])
        examples = [{**{key: values[i] for key, values in encoded.items()}, "labels": row["label"]}
                    for i, row in enumerate(state["rows"])]
        tokenized = time.perf_counter()
        trainer = Trainer(model=model, args=arguments, train_dataset=examples,
                          data_collator=DataCollatorWithPadding(tokenizer))
        prepared = time.perf_counter()
        trainer.train()
        trained = time.perf_counter()
    return {"tokenization": tokenized - start, "training": trained - prepared, "steps": trainer.state.global_step}


serve({"load": load, "epoch": epoch})
