"""habitd on a real broker, seen by the real Home Assistant.

  mqtt_check.py HABITD MOSQUITTO HASS DIRECTORY

DIRECTORY holds home.db, a recorder database with habits in it.

Sets up a Home Assistant as a user does (onboarding, the MQTT integration), and looks at what
habitd shows there: device and entities, a button that begins an analysis, an automation that goes
on when it has ended, restarts of Home Assistant and of the broker. Ends with 1 if anything is
not as it should be.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import aiohttp

PATIENCE = 60  # seconds; nothing here takes nearly as long

CONFIGURATION = """
homeassistant: {name: Test, country: DE, time_zone: Europe/Berlin}
api:
config:
onboarding:
websocket_api:
persistent_notification:
automation:
  - id: told
    alias: Told
    triggers: [{trigger: mqtt, topic: ha-ai/status/analysis_complete}]
    actions:
      - event: habitd_was_heard
        event_data:
          job: "{{ trigger.payload_json.job }}"
          outcome: "{{ trigger.payload_json.outcome }}"
  - id: asks
    alias: Asks
    triggers: [{trigger: event, event_type: ask_habitd}]
    actions:
      - action: mqtt.publish
        data: {topic: habitd/cmd/analyze, payload: '{"id": "of-an-automation"}', qos: 1}
"""

ENTITIES = {
    "button.habitd_analyze", "button.habitd_refresh", "select.habitd_log_level",
    "sensor.habitd_last_analysis", "sensor.habitd_last_refresh",
    "sensor.habitd_pending_suggestions", "sensor.habitd_corpus_size",
    "binary_sensor.habitd_problem", "event.habitd_suggestion",
}  # fmt: skip


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


async def until(what, found):
    """Waits until `found` gives something."""
    for _ in range(PATIENCE * 5):
        with contextlib.suppress(aiohttp.ClientError, KeyError):
            if value := await found():
                return value
        await asyncio.sleep(0.2)
    raise AssertionError(f"never happened: {what}")


class Process:
    """A program with a log of its own, ended with the test."""

    def __init__(self, name, directory, arguments, **environment):
        self.log_file = directory / f"{name}.log"
        self.arguments = arguments
        self.environment = {**os.environ, **environment}
        self.start()

    def start(self):
        with self.log_file.open("ab") as log:
            self.child = subprocess.Popen(
                self.arguments, stdout=log, stderr=log, env=self.environment
            )

    def stop(self, how=signal.SIGTERM):
        if self.child.poll() is None:
            self.child.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(30)
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        return self.child.returncode


class HomeAssistant:
    """A running Home Assistant, as its API shows it."""

    def __init__(self, hass, directory, session):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.session = session
        self.token = None
        self.events = []
        config = directory / "home-assistant"
        config.mkdir()
        (config / "configuration.yaml").write_text(CONFIGURATION)
        self.process = Process(
            "home-assistant",
            directory,
            [hass, "-c", str(config), "--skip-pip"],
            SETUP_PORT=str(self.port),
        )

    async def call(self, method, path, body=None, form=None):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.session.request(
            method, self.url + path, json=body, data=form, headers=headers
        ) as answer:
            if answer.status >= 400:
                raise KeyError(f"{method} {path}: {answer.status} {await answer.text()}")
            return await answer.json()

    async def set_up(self, broker_port):
        async def answers():
            return await self.call("GET", "/api/onboarding")

        await until("Home Assistant answers", answers)
        client = self.url + "/"
        person = {"client_id": client, "name": "A", "username": "a", "password": "pw-of-a",
                  "language": "en"}  # fmt: skip
        code = (await self.call("POST", "/api/onboarding/users", person))["auth_code"]
        form = {"client_id": client, "grant_type": "authorization_code", "code": code}
        self.token = (await self.call("POST", "/auth/token", form=form))["access_token"]
        flow = await self.call(
            "POST", "/api/config/config_entries/flow", {"handler": "mqtt"}
        )
        answers = {"broker": "127.0.0.1", "port": broker_port}
        if any(field["name"] == "other_settings" for field in flow["data_schema"]):
            answers["other_settings"] = {"set_client_cert": False, "set_ca_cert": "off"}
        done = await self.call(
            "POST", f"/api/config/config_entries/flow/{flow['flow_id']}", answers
        )
        assert done["type"] == "create_entry", done

    async def state(self, entity):
        return await self.call("GET", f"/api/states/{entity}")

    async def until_state(self, entity, good):
        async def found():
            state = await self.state(entity)
            return state if good(state["state"]) else None

        return await until(f"{entity} as wanted", found)

    async def press(self, entity):
        await self.call("POST", "/api/services/button/press", {"entity_id": entity})

    async def ask(self, **command):
        """One command over the WebSocket."""
        async with self.session.ws_connect(self.url + "/api/websocket") as socket_:
            await socket_.receive_json()
            await socket_.send_json({"type": "auth", "access_token": self.token})
            assert (await socket_.receive_json())["type"] == "auth_ok"
            await socket_.send_json({"id": 1, **command})
            return (await socket_.receive_json())["result"]

    async def listen(self, event_type):
        """Keeps events until the test ends."""
        async with self.session.ws_connect(self.url + "/api/websocket") as socket_:
            await socket_.receive_json()
            await socket_.send_json({"type": "auth", "access_token": self.token})
            await socket_.receive_json()
            await socket_.send_json(
                {"id": 1, "type": "subscribe_events", "event_type": event_type}
            )
            async for message in socket_:
                said = json.loads(message.data)
                if said["type"] == "event":
                    self.events.append(said["event"]["data"])

    async def heard(self, job):
        async def found():
            return [event for event in self.events if job in (None, event["job"])]

        return (await until(f"the automation that hears of job {job}", found))[-1]


async def check_device(home):
    async def all_entities():
        entities = await home.ask(type="config/entity_registry/list")
        ours = {one["entity_id"]: one for one in entities if one["platform"] == "mqtt"}
        return ours if ours.keys() >= ENTITIES else None

    entities = await until("all entities are there", all_entities)
    assert entities.keys() == ENTITIES, entities.keys() ^ ENTITIES
    devices = await home.ask(type="config/device_registry/list")
    ours = [one for one in devices if one["name"] == "habitd"]
    assert len(ours) == 1, devices
    assert {one["device_id"] for one in entities.values()} == {ours[0]["id"]}
    await home.until_state("select.habitd_log_level", lambda state: state == "info")
    await home.until_state("sensor.habitd_pending_suggestions", lambda state: state == "0")
    await home.until_state("sensor.habitd_last_analysis", lambda state: state == "unknown")
    print("device and entities: ok")
    return ours[0]["id"]


async def check_analysis(home, jobs):
    # Home Assistant may set this automation up before it knows the broker. Its trigger fails
    # then, and is not tried again until the automation is turned on anew.
    for switch in ("turn_off", "turn_on"):
        await home.call(
            "POST", f"/api/services/automation/{switch}", {"entity_id": "automation.told"}
        )
    listening = asyncio.create_task(home.listen("habitd_was_heard"))
    await asyncio.sleep(1)
    await home.press("button.habitd_analyze")
    told = await home.heard(None)
    ran = (await jobs())[0]
    assert told["job"] == ran["id"] and ran["trigger"] == "mqtt", (told, ran)
    assert told["outcome"] == ran["outcome"] == "ok", ran
    await home.until_state("sensor.habitd_last_analysis", lambda state: "T" in state)
    waiting = await home.until_state(
        "sensor.habitd_pending_suggestions", lambda state: state not in ("0", "unknown")
    )
    suggested = await home.until_state("event.habitd_suggestion", lambda state: "T" in state)
    assert suggested["attributes"]["event_type"] == "new", suggested
    assert suggested["attributes"]["title"], suggested
    print(f"the button begins an analysis, an automation hears its end: ok, "
          f"{waiting['state']} suggestions")  # fmt: skip

    await home.call("POST", "/api/events/ask_habitd", {})

    async def another():
        return [job for job in await jobs() if job["id"] != ran["id"]]

    second = (await until("an automation begins an analysis", another))[0]
    await home.heard(second["id"])
    print("an automation begins an analysis: ok")
    await home.call(
        "POST",
        "/api/services/select/select_option",
        {"entity_id": "select.habitd_log_level", "option": "debug"},
    )
    await home.until_state("select.habitd_log_level", lambda state: state == "debug")
    print("the log level can be chosen: ok")
    listening.cancel()


async def check_restarts(home, daemon, broker):
    def is_there(state):
        return state != "unavailable"

    for _ in range(int(os.environ.get("HABITD_HA_RESTARTS", "1"))):
        home.process.stop()
        home.process.start()
        await home.until_state("button.habitd_analyze", is_there)
        await home.until_state("sensor.habitd_last_analysis", lambda state: "T" in state)
    print("after a restart of Home Assistant all is there: ok")
    broker.stop(signal.SIGKILL)
    broker.start()
    await home.until_state("binary_sensor.habitd_problem", is_there)
    print("after a restart of the broker all is there: ok")
    daemon.stop(signal.SIGKILL)
    await home.until_state("button.habitd_analyze", lambda state: state == "unavailable")
    daemon.start()
    await home.until_state("button.habitd_analyze", is_there)
    print("a daemon that dies is unavailable until it is back: ok")


async def check_removal(home, daemon, settings, device):
    assert daemon.stop() == 0
    settings.write_text(settings.read_text() + "  discovery: false\n")
    daemon.start()

    async def is_gone():
        devices = await home.ask(type="config/device_registry/list")
        return device not in [one["id"] for one in devices]

    await until("the device is gone", is_gone)
    print("taken back: ok")


async def run(habitd, mosquitto, hass, directory, processes):
    broker_port, port = free_port(), free_port()
    conf = directory / "mosquitto.conf"
    conf.write_text(f"user root\nlistener {broker_port} 127.0.0.1\nallow_anonymous true\n")
    broker = Process("mosquitto", directory, [mosquitto, "-c", str(conf)])
    processes.append(broker)
    settings = directory / "habitd.yaml"
    settings.write_text(
        f"home: {{time_zone: Europe/Berlin}}\nstorage: {{directory: {directory}/state}}\n"
        f"http: {{port: {port}}}\nevents: {{recorder: home.db}}\n"
        f"mqtt:\n  url: mqtt://127.0.0.1:{broker_port}\n"
    )
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        home = HomeAssistant(hass, directory, session)
        processes.append(home.process)
        await home.set_up(broker_port)
        daemon = Process("habitd", directory, [habitd, "run", "--config", str(settings)])
        processes.append(daemon)

        async def jobs():
            async with session.get(f"http://127.0.0.1:{port}/api/v1/jobs") as answer:
                return (await answer.json())["items"]

        device = await check_device(home)
        await check_analysis(home, jobs)
        await check_restarts(home, daemon, broker)
        await check_removal(home, daemon, settings, device)


def main():
    habitd, mosquitto, hass, directory = sys.argv[1:]
    processes = []
    try:
        asyncio.run(run(habitd, mosquitto, hass, Path(directory), processes))
    except BaseException:
        for process in processes:
            print(f"--- {process.log_file.name}")
            print(process.log_file.read_text(errors="replace")[-4000:])
        raise
    finally:
        for process in reversed(processes):
            process.stop()


main()
