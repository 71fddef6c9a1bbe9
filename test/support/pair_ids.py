#!/usr/bin/env python3
"""What transformers makes of pairs of texts with the tokenizer of a folder, as a JSON list on standard output.

Usage: pair_ids.py FOLDER PAIRS_JSON   (needs transformers)
"""
import json
import sys

from transformers import AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
pairs = json.load(open(sys.argv[2], encoding="utf-8"))
print(json.dumps([dict(tokenizer(question, text)) for question, text in pairs]))
