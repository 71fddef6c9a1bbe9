"""FOLDER/model.safetensors as FOLDER/pytorch_model.bin, with the position ids that older checkpoints hold beside it."""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

folder = Path(sys.argv[1])
tensors = load_file(folder / "model.safetensors")
positions = next(tensor for name, tensor in tensors.items() if name.endswith("position_embeddings.weight"))
tensors["roberta.embeddings.position_ids"] = torch.arange(len(positions)).unsqueeze(0)
torch.save(tensors, folder / "pytorch_model.bin")
