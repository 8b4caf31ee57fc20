import ssh2 from 'ssh2';

export interface TestTerminal {
  /** Types a line, and gives what was shown until the next prompt. */
  readonly type: (line: string) => Promise<string>;
  /** Types a line that leaves no prompt, and gives what was shown up to a text. */
  readonly start: (line: string, text: RegExp) => Promise<string>;
  readonly close: () => void;
}

const prompt = /\S+@\S+:\S*[#$] $/;

/** A person at a terminal, by the ssh2 client: what it shows can be waited for. */
export async function openTerminal(port: number, user = 'root', password = 'hunter2'): Promise<TestTerminal> {
  const client = new ssh2.Client();
  await new Promise<void>((resolve, reject) => {
    client.once('ready', () => resolve());
    client.once('error', reject);
    client.connect({ host: '127.0.0.1', port, username: user, password });
  });
  const stream = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    client.shell({ cols: 120, rows: 40 }, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
  let shown = '';
  let look: () => void = () => undefined;
  stream.on('data', (bytes: Buffer) => {
    shown += bytes.toString('utf8');
    look();
  });
  await untilPrompt();
  return {
    async type(line) {
      shown = '';
      stream.write(`${line}\r`);
      return await untilPrompt();
    },
    async start(line, text) {
      shown = '';
      stream.write(`${line}\r`);
      return await untilShown(text);
    },
    close: () => client.end(),
  };

  function untilPrompt(): Promise<string> {
    return untilShown(prompt);
  }

  function untilShown(text: RegExp): Promise<string> {
    return new Promise((resolve) => {
      look = () => {
        if (text.test(shown)) resolve(shown);
      };
      look();
    });
  }
}
