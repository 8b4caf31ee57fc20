"""A visit by paramiko to a decoy on loopback; says what it saw as one JSON object. Usage: visit.py PORT"""
import io
import json
import sys
import time

import paramiko

port = int(sys.argv[1])


def connect(password):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect("127.0.0.1", port, "root", password, look_for_keys=False, allow_agent=False, timeout=30)
    return client


def until(channel, ending):
    shown = b""
    deadline = time.monotonic() + 30
    while not shown.endswith(ending) and time.monotonic() < deadline:
        shown += channel.recv(4096)
    return shown.decode()


def refused():
    try:
        connect("123456")
    except paramiko.AuthenticationException:
        return True
    return False


def run(client, command):
    _, out, err = client.exec_command(command)
    return [out.read().decode(), err.read().decode(), out.channel.recv_exit_status()]


def piped(client):
    into, out, _ = client.exec_command("sh")
    into.write("echo $((6*7))\n")
    first = out.readline()
    into.write("exit 3\n")
    return [first, out.channel.recv_exit_status()]


def shell(client):
    channel = client.invoke_shell()
    until(channel, b":~# ")
    channel.send(b"sh\n")
    entered = until(channel, b"\n# ")
    channel.send(b"exit\n")
    until(channel, b":~# ")
    channel.close()
    return entered


def files(client):
    sftp = client.open_sftp()
    sftp.putfo(io.BytesIO(b"\x00payload\xff"), "/tmp/by-paramiko")
    back = io.BytesIO()
    sftp.getfo("/tmp/by-paramiko", back)
    listed = "by-paramiko" in sftp.listdir("/tmp")
    sftp.close()
    return [back.getvalue().hex(), listed]


def tunnel(client):
    channel = client.get_transport().open_channel("direct-tcpip", ("203.0.113.9", 80), ("127.0.0.1", 1))
    channel.send(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
    answer = channel.recv(4096).decode().split("\r\n")[0]
    channel.close()
    return answer


client = connect("hunter2")
seen = {
    "refused": refused(),
    "run": run(client, "echo out; ls /nope; exit 7"),
    "piped": piped(client),
    "shell": shell(client),
    "files": files(client),
    "tunnel": tunnel(client),
}
client.close()
print(json.dumps(seen))
