"""An echo at a port of loopback, and those who talk to it by way of a URL.

    websockets_echo.py PORT URL AUTHORITY
"""

import asyncio
import os
import ssl
import sys

import websockets
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

SIZES = [0, 1, 125, 126, 65535, 65536, 3 << 20]


async def echo(socket):
    """Sends back what comes, and closes as it is asked to."""
    async for message in socket:
        if message == "close":
            return await socket.close(4321, "as you wished")
        else:
            await socket.send(message)


async def exchange(open_socket):
    """Messages of many sizes, in one piece and in fragments, and both ways to close."""
    async with open_socket() as socket:
        for size in SIZES:
            for message in ["ü" * size, os.urandom(size)]:
                await socket.send(message)
                assert await socket.recv() == message, f"{size} came back otherwise"
        await socket.send(["in ", "three ", "fragments"])
        assert await socket.recv() == "in three fragments"
        await asyncio.wait_for(await socket.ping(b"ping"), 10)
        await socket.send("close")
        try:
            await socket.recv()
            raise AssertionError("it was not closed")
        except websockets.ConnectionClosed as closed:
            assert (closed.rcvd.code, closed.rcvd.reason) == (4321, "as you wished"), closed


async def many(open_socket, count):
    """All open at the same time, each with messages of its own."""

    async def one(number):
        async with open_socket() as socket:
            await together.wait()
            for turn in range(10):
                await socket.send(f"{number}: {turn}")
                assert await socket.recv() == f"{number}: {turn}"

    together = asyncio.Barrier(count)
    await asyncio.gather(*(one(number) for number in range(count)))


async def main(port, url, authority):
    trust = ssl.create_default_context(cafile=authority)
    async with serve(echo, "127.0.0.1", int(port), max_size=None):
        for compression in ["deflate", None]:
            await exchange(lambda: connect(url, ssl=trust, compression=compression, max_size=None))
        await many(lambda: connect(url, ssl=trust), 100)
    print("messages up to 3 MiB, fragments, pings, close codes; 100 at once: all as they were sent")


asyncio.run(asyncio.wait_for(main(*sys.argv[1:]), 60))
