/** What holds for every download, as the help of each command that downloads says. */
export const HUB_HELP =
  'Files go to the cache that all Hugging Face libraries share (~/.cache/huggingface/hub); what one of them downloaded is found by the others. ' +
  'A download that was interrupted goes on where it stopped; size and checksum are verified.\n\n' +
  'Environment: HF_HOME or HF_HUB_CACHE moves the cache, HF_ENDPOINT names a mirror, HF_TOKEN opens private and gated repositories (a token of ' +
  '`hf auth login` is found too), HF_HUB_OFFLINE=1 forbids to use the network.';
