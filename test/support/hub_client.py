"""What Python's huggingface_hub does with the cache that the HF_ variables name; prints one JSON object.

hub_client.py download ID FILE…  fetches the files
hub_client.py read ID FILE…      finds them without a network, and scans the whole cache
"""

import json
import sys

from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download

task, repo, *files = sys.argv[1:]
offline = task == "read"
paths = {file: hf_hub_download(repo, file, local_files_only=offline) for file in files}
facts = {"paths": paths}
if offline:
    cache = scan_cache_dir()
    facts |= {
        "snapshot": snapshot_download(repo, local_files_only=True, allow_patterns=files),
        "warnings": [str(warning) for warning in cache.warnings],
        "repositories": [
            {"id": one.repo_id, "bytes": one.size_on_disk, "refs": sorted(one.refs)} for one in cache.repos
        ],
    }
print(json.dumps(facts))
