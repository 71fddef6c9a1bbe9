#!/usr/bin/env python3
"""Cut a packed encoder to its first layers: the encoder in models/encoder-ko.

Usage: cut.py PACKED_FOLDER LAYERS OUT_FOLDER   (needs numpy and safetensors)
"""
import json
import re
import shutil
import sys
from pathlib import Path

from safetensors.numpy import load_file, save_file

source, layers, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])


def kept(name):
    layer = re.match(r"encoder\.layer\.(\d+)\.", name)
    return layer is None or int(layer[1]) < layers


weights = {name: array for name, array in load_file(source / "model.q4.safetensors").items() if kept(name)}
out.mkdir(parents=True, exist_ok=True)
save_file(weights, out / "model.q4.safetensors", metadata={"format": "q4_0"})
config = json.loads((source / "config.json").read_text())
config["num_hidden_layers"] = layers
(out / "config.json").write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n")
shutil.copyfile(source / "tokenizer.json", out / "tokenizer.json")
# XLMRobertaTokenizer would build a tokenizer of its own in transformers 5, without the normaliser of tokenizer.json.
tokenizer = json.loads((source / "tokenizer_config.json").read_text())
tokenizer["tokenizer_class"] = "PreTrainedTokenizerFast"
(out / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=1))
