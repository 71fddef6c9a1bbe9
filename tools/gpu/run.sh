#!/usr/bin/env bash
# Everything that is to be measured on a GPU, into a folder: steps of three shapes through WebGPU beside sixteen cores and
# PyTorch on the same card, what crosses, memory, and the losses of both devices.
#
# Usage: tools/gpu/run.sh FOLDER   (after `npm ci && npm run build`; needs the vendor's Vulkan driver, libvulkan1, nvidia-smi,
# and for the other side python3 with torch for CUDA and transformers). Not run as a whole yet: no card was at hand since.
set -euo pipefail
cd "$(dirname "$0")/../.."
out="$(mkdir -p "$1" && cd "$1" && pwd)"
korex() { node dist/app/cli/main.js "$@"; }
shapes=bundled,12x384,12x768

nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader >"$out/card.txt"
KOREX_DEVICE=webgpu npx vitest run src/engine/train/deviceTrial.test.ts src/engine/train/deviceSteps.test.ts

korex bench --only device --shapes "$shapes" --device webgpu --out "$out/webgpu"
nvidia-smi --query-gpu=memory.used --format=csv,noheader -lms 500 >"$out/memory.csv" & watch=$!
korex bench --only step --shapes "$shapes" --device webgpu --warmup 4 --repeat 5 --out "$out/webgpu"
kill "$watch"
korex bench --only step --shapes "$shapes" --device cpu --threads 16 --repeat 2 --out "$out/cpu"

if python3 -c 'import torch, transformers; assert torch.cuda.is_available()' 2>/dev/null; then
  python3 tools/gpu/torch_steps.py "$out/torch.json"
fi
for device in cpu webgpu; do node tools/gpu/curves.mjs "$out/curve-$device.json" "$device" 40 32 16 0; done
