"""PyTorch's training step on a GPU, for the shapes of `korex bench`: fp32 and bf16 autocast, median of the steps.

Usage: python3 tools/gpu/torch_steps.py OUT.json      (torch for CUDA, transformers)
"""

import json
import statistics
import sys
import time

import torch
from transformers import BertConfig, BertForSequenceClassification

# As src/app/bench/shapes.ts has them; heads, labels and dropout do not change between them.
SHAPES = {
    "bundled": dict(num_hidden_layers=6, hidden_size=384, intermediate_size=1536, vocab_size=20094),
    "12x384": dict(num_hidden_layers=12, hidden_size=384, intermediate_size=1536, vocab_size=20094),
    "12x768": dict(num_hidden_layers=12, hidden_size=768, intermediate_size=3072, vocab_size=32000),
}
BATCH, LENGTH, LABELS, WARMUP, STEPS = 32, 72, 30, 10, 50


def measure(shape: dict, autocast: bool) -> dict:
    torch.manual_seed(0)
    config = BertConfig(num_attention_heads=12, num_labels=LABELS, **shape)
    model = BertForSequenceClassification(config).cuda().train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, weight_decay=0.01, fused=True)
    ids = torch.randint(5, shape["vocab_size"], (BATCH, LENGTH), device="cuda")
    labels = torch.randint(0, LABELS, (BATCH,), device="cuda")
    seconds = []
    torch.cuda.reset_peak_memory_stats()
    for _ in range(WARMUP + STEPS):
        torch.cuda.synchronize()
        start = time.perf_counter()
        optimizer.zero_grad()
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=autocast):
            loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - start)
    counted = seconds[WARMUP:]
    return {
        "seconds": statistics.median(counted),
        "range": [min(counted), max(counted)],
        "peak_memory_bytes": torch.cuda.max_memory_allocated(),
    }


results = {
    name: {precision: measure(shape, precision == "bf16") for precision in ("fp32", "bf16")}
    for name, shape in SHAPES.items()
}
versions = {"torch": torch.__version__, "card": torch.cuda.get_device_name()}
with open(sys.argv[1], "w") as file:
    json.dump({"versions": versions, "results": results}, file, indent=2)
print(json.dumps(results, indent=2))
