import type { Persona } from '@cerberusmesh/contract/persona';

/** The disk of a machine and the part of it that is `/`, with the major number of its driver. */
export interface Disk {
  readonly name: string;
  readonly root: string;
  readonly major: number;
  readonly minor: number;
}

/** A Raspberry Pi starts from a card, a virtual machine from virtio. */
export function diskOf({ kernel }: Pick<Persona, 'kernel'>): Disk {
  return isArm(kernel.machine)
    ? { name: 'mmcblk0', root: 'mmcblk0p2', major: 179, minor: 2 }
    : { name: 'vda', root: 'vda1', major: 252, minor: 1 };
}

export function isArm(machine: string): boolean {
  return machine === 'aarch64' || machine === 'armv7l';
}
