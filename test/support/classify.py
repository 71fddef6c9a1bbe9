#!/usr/bin/env python3
"""Labels and logits that transformers gives texts with the classifiers of folders, as a JSON list on standard output.

Usage: classify.py TEXTS_JSON FOLDER…   (needs torch, transformers)
"""
import json
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

texts = json.load(open(sys.argv[1], encoding="utf-8"))


@torch.inference_mode()
def classify(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model, loading = AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True)
    logits = model.eval()(**tokenizer(texts, padding=True, return_tensors="pt")).logits
    return {
        "labels": [model.config.id2label[i] for i in range(model.config.num_labels)],
        "logits": logits.tolist(),
        "problems": {key: sorted(map(str, names)) for key, names in loading.items() if names},
    }


print(json.dumps([classify(folder) for folder in sys.argv[2:]]))
