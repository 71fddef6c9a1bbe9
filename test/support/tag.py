#!/usr/bin/env python3
"""Tag names, and logits for rows of ids, that transformers gives with the models of folders, as a JSON list on standard output.

Usage: tag.py IDS_JSON FOLDER…   (needs torch, transformers)
"""
import json
import sys

import torch
from transformers import AutoModelForTokenClassification

rows = json.load(open(sys.argv[1], encoding="utf-8"))


@torch.inference_mode()
def tag(folder):
    model, loading = AutoModelForTokenClassification.from_pretrained(folder, output_loading_info=True)
    model.eval()
    return {
        "labels": [model.config.id2label[i] for i in range(model.config.num_labels)],
        "logits": [model(input_ids=torch.tensor([ids])).logits[0].tolist() for ids in rows],
        "problems": {key: sorted(map(str, names)) for key, names in loading.items() if names},
    }


print(json.dumps([tag(folder) for folder in sys.argv[2:]]))
