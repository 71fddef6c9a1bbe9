import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { lacks } from './needs.ts';

/** Chromium brings SwiftShader, a Vulkan driver that computes on the processor. */
const FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser'];
const LOADERS = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib/aarch64-linux-gnu/libvulkan.so.1'];

/** Where a file lies that says which driver to load; null where there is none. */
function driverFile(): string | null {
  const file = FOLDERS.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find(existsSync);
  return file && LOADERS.some(existsSync) ? realpathSync(file) : null;
}

/**
 * Whether `--device webgpu` cannot be tested here. Where no other driver is named, this test's process gets SwiftShader, so
 * that it computes the same on any machine.
 */
export function lacksSoftwareDevice(): boolean {
  const driver = process.env.VK_ICD_FILENAMES ?? driverFile();
  if (driver !== null) process.env.VK_ICD_FILENAMES = driver;
  return lacks('a Vulkan driver in software (chromium) and libvulkan1', driver !== null);
}
