import { findNode, putFile, type TreeNode } from '../tree.ts';
import { type PersonaDescription, textOf } from './description.ts';

/** Makes Cowrie's tree the machine of this persona: everything that names a system, a kernel or a processor. */
export function dress(root: TreeNode, description: PersonaDescription): void {
  for (const { path } of description.files) setText(root, path, textOf(description, path));
  const cpuinfo = findNode(root, '/proc/cpuinfo');
  if (cpuinfo?.content)
    cpuinfo.content = Buffer.from(cpuinfoText(Buffer.from(cpuinfo.content).toString('utf8'), description));
}

/** The same processors with other names and figures; the kernel's files have no size. */
function cpuinfoText(text: string, { cpu }: PersonaDescription): string {
  const values: Record<string, string> = {
    model: String(cpu.model),
    'model name': cpu.modelName,
    stepping: String(cpu.stepping),
    microcode: cpu.microcode,
    'cpu MHz': cpu.mhz,
    'cache size': `${cpu.cacheKb} KB`,
    bogomips: cpu.bogomips,
  };
  return text.replace(/^([^\t:\n]+)(\t+: )[^\n]*$/gm, (line, key: string, between: string) => {
    const value = values[key];
    return value === undefined ? line : key + between + value;
  });
}

/** What `lscpu` says of the same processors. */
export function lscpuText({ cpu }: PersonaDescription): string {
  const rows: [string, string][] = [
    ['Architecture:', 'x86_64'],
    ['CPU op-mode(s):', '32-bit, 64-bit'],
    ['Byte Order:', 'Little Endian'],
    ['CPU(s):', '2'],
    ['On-line CPU(s) list:', '0,1'],
    ['Vendor ID:', 'GenuineIntel'],
    ['Model name:', cpu.modelName],
    ['CPU family:', '6'],
    ['Model:', String(cpu.model)],
    ['Thread(s) per core:', '1'],
    ['Core(s) per socket:', '2'],
    ['Socket(s):', '1'],
    ['Stepping:', String(cpu.stepping)],
    ['BogoMIPS:', cpu.bogomips],
    ['Hypervisor vendor:', 'KVM'],
    ['Virtualization type:', 'full'],
    ['L3 cache:', `${cpu.cacheKb / 1024} MiB`],
    ['NUMA node(s):', '1'],
    ['NUMA node0 CPU(s):', '0,1'],
  ];
  return `${rows.map(([name, value]) => name.padEnd(33) + value).join('\n')}\n`;
}

function setText(root: TreeNode, path: string, text: string): void {
  const content = Buffer.from(text);
  const inProc = path.startsWith('/proc/');
  if (!findNode(root, path)) {
    const like = findNode(root, '/etc/issue');
    putFile(root, { path, size: content.length, mode: 0o644, uid: 0, gid: 0, changedAt: like?.changedAt ?? 0 });
  }
  const node = findNode(root, path);
  if (!node) return;
  node.content = content;
  node.children = [];
  node.size = inProc ? 0 : content.length;
}
