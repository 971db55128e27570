"""Runs automations that habitd wrote in the real Home Assistant.

Reads one JSON object a line, as habitd_automation_samples prints them; sets all of them up,
makes their triggers happen and looks at what they call. Ends with 1 if one is refused or does
something else than it says.
"""

import asyncio
import datetime as dt
import json
import logging
import sys
import tempfile
import time
from contextlib import ExitStack
from unittest.mock import patch

from homeassistant import bootstrap, config_entries, core, loader
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml

# What Home Assistant shows when a turn happens: states before and after.
TURNS = {
    "binary_sensor": {"on": [("off", "on")], "off": [("on", "off")]},
    "light": {"on": [("off", "on")], "off": [("on", "off")]},
    "switch": {"on": [("off", "on")], "off": [("on", "off")]},
    "fan": {"on": [("off", "on")], "off": [("on", "off")]},
    "input_boolean": {"on": [("off", "on")], "off": [("on", "off")]},
    "person": {
        "on": [("not_home", "home"), ("Work", "home")],
        "off": [("home", "not_home"), ("home", "Work")],
    },
    "media_player": {
        "on": [("off", "playing"), ("idle", "playing"), ("off", "on")],
        "off": [("playing", "off"), ("playing", "idle")],
    },
    "cover": {"on": [("closed", "open"), ("opening", "open")], "off": [("open", "closed")]},
    "valve": {"on": [("closed", "open")], "off": [("open", "closed")]},
    "humidifier": {"on": [("off", "on")], "off": [("on", "off")]},
    "siren": {"on": [("off", "on")], "off": [("on", "off")]},
    "remote": {"on": [("off", "on")], "off": [("on", "off")]},
    "water_heater": {
        "on": [("off", "eco"), ("off", "heat_pump"), ("off", "performance")],
        "off": [("eco", "off")],
    },
    "vacuum": {
        "on": [("docked", "cleaning"), ("paused", "cleaning")],
        "off": [("cleaning", "returning"), ("cleaning", "docked"), ("cleaning", "idle")],
    },
    "lawn_mower": {
        "on": [("docked", "mowing")],
        "off": [("mowing", "returning"), ("mowing", "docked")],
    },
    "device_tracker": {"on": [("not_home", "home")], "off": [("home", "not_home")]},
    "alarm_control_panel": {
        "on": [("disarmed", "arming"), ("disarmed", "armed_home"), ("disarmed", "armed_night")],
        "off": [("armed_away", "disarmed"), ("triggered", "disarmed")],
    },
    "lock": {"on": [("locked", "unlocked")], "off": [("unlocked", "locked")]},
    "climate": {"on": [("off", "heat"), ("off", "cool")], "off": [("heat", "off")]},
}

# Moves between states that are no turn.
INSIDE = {
    "media_player": {"on": [("buffering", "playing"), ("on", "playing")], "off": [("idle", "off")]},
    "climate": {"on": [("heat", "cool")]},
    "vacuum": {"off": [("returning", "docked")]},
    "lawn_mower": {"off": [("returning", "docked")]},
    "alarm_control_panel": {"on": [("arming", "armed_away"), ("armed_home", "triggered")]},
    "water_heater": {"on": [("eco", "performance")]},
}

ACTIONS = {
    "cover": ("open_cover", "close_cover"),
    "valve": ("open_valve", "close_valve"),
    "lock": ("unlock", "lock"),
    "media_player": ("turn_on", "turn_off"),
    "vacuum": ("start", "return_to_base"),
}


def wanted_call(sample):
    """The action that a sample promises: domain, service and entity."""
    domain = sample["entity"].split(".")[0]
    if sample["asks"]:
        return "persistent_notification", "create", None
    on, off = ACTIONS.get(domain, ("turn_on", "turn_off"))
    return domain, on if sample["turn"] == "on" else off, sample["entity"]


class Home:
    """A running Home Assistant with one automation a sample and actions that only record."""

    def __init__(self, hass, samples):
        self.hass = hass
        self.samples = samples
        self.calls = []
        self.failures = []

    async def start(self):
        automations = [parse_yaml(sample["yaml"]) for sample in self.samples]
        for component in ("homeassistant", "persistent_notification"):
            assert await async_setup_component(self.hass, component, {})
        for domain, service, _ in map(wanted_call, self.samples):
            self.hass.services.async_register(domain, service, self._record)
        assert await async_setup_component(
            self.hass, "automation", {"automation": automations}
        )
        await self.hass.async_start()
        await self.hass.async_block_till_done()

    async def _record(self, call):
        entities = call.data.get("entity_id", [None])
        self.calls += [(call.domain, call.service, entity) for entity in entities]

    def expect(self, met, sample, what):
        if not met:
            self.failures.append(f"{sample['id']}: {what}\n{sample['yaml']}")

    def find(self, sample):
        return next(
            state
            for state in self.hass.states.async_all("automation")
            if state.attributes.get("id") == sample["id"]
        )

    async def only(self, sample):
        """Turns every automation off but one."""
        for state in self.hass.states.async_all("automation"):
            is_wanted = state.attributes.get("id") == sample["id"]
            if is_wanted != (state.state == "on"):
                await self.hass.services.async_call(
                    "automation",
                    "turn_on" if is_wanted else "turn_off",
                    {"entity_id": state.entity_id},
                    blocking=True,
                )

    async def set_states(self, entity, *states):
        """Puts an entity through states; returns what was called from the second on."""
        self.hass.states.async_set(entity, states[0])
        await self.hass.async_block_till_done()
        self.calls.clear()
        for number, state in enumerate(states[1:]):
            self.hass.states.async_set(entity, state, {"number": number})
            await self.hass.async_block_till_done()
        return list(self.calls)

    async def check_response(self, sample):
        await self.only(sample)
        entity = sample["trigger"]
        for before, after in TURNS[entity.split(".")[0]][sample["trigger_turn"]]:
            wanted = [wanted_call(sample)]
            done = await self.set_states(entity, before, after)
            self.expect(done == wanted, sample, f"{before} -> {after} called {done}")
            for absent in ("unavailable", "unknown"):
                done = await self.set_states(entity, absent, after)
                self.expect(not done, sample, f"{absent} -> {after} called {done}")
        moves = INSIDE.get(entity.split(".")[0], {}).get(sample["trigger_turn"], [])
        for before, after in moves:
            done = await self.set_states(entity, before, after)
            self.expect(not done, sample, f"{before} -> {after} called {done}")
        self.hass.states.async_remove(entity)

    async def check_time(self, sample):
        await self.only(sample)
        zone = dt_util.get_default_time_zone()
        at = dt.timedelta(seconds=sample["time"])
        tomorrow = dt_util.now().date() + dt.timedelta(days=1)
        first = dt.datetime.combine(tomorrow, dt.time(), zone) + at
        await self.let_pass(first - dt.timedelta(hours=1))
        fired = []
        for day in range(7):
            moment = first + dt.timedelta(days=day)
            self.calls.clear()
            await self.let_pass(moment - dt.timedelta(minutes=1))
            self.expect(not self.calls, sample, "called a minute early")
            await self.let_pass(moment)
            self.expect(
                self.calls in ([], [wanted_call(sample)]), sample, f"called {self.calls}"
            )
            # A day of habitd begins at 03:00.
            fired += [(moment - dt.timedelta(hours=3)).weekday()] * len(self.calls)
        self.expect(sorted(fired) == sample["weekdays"], sample, f"fired on {fired}")

    async def let_pass(self, moment):
        """Runs the timers that are due by then, as if it were that moment."""
        now = moment.astimezone(dt.timezone.utc) + dt.timedelta(milliseconds=500)
        due = self.hass.loop.time() + now.timestamp() - time.time()
        events = "homeassistant.helpers.event."
        with ExitStack() as patches:
            for name, value in (
                (events + "time_tracker_utcnow", now),
                (events + "time_tracker_timestamp", now.timestamp()),
                ("homeassistant.util.dt.utcnow", now),
                ("homeassistant.util.dt.now", now.astimezone(moment.tzinfo)),
            ):
                patches.enter_context(patch(name, return_value=value))
            for timer in list(self.hass.loop._scheduled):
                if not timer.cancelled() and timer.when() <= due:
                    timer._run()
                    timer.cancel()
            await self.hass.async_block_till_done()


async def main():
    samples = [json.loads(line) for line in sys.stdin]
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as directory:
        hass = core.HomeAssistant(directory)
        hass.config.skip_pip = True
        hass.config_entries = config_entries.ConfigEntries(hass, {})
        loader.async_setup(hass)
        await bootstrap.async_load_base_functionality(hass)
        await async_process_ha_core_config(hass, {"time_zone": "Europe/Berlin"})
        home = Home(hass, samples)
        await home.start()
        for sample in samples:
            if home.find(sample).state == "unavailable":
                home.expect(False, sample, "Home Assistant refuses it")
            elif "trigger" in sample:
                await home.check_response(sample)
            else:
                await home.check_time(sample)
        await hass.async_stop(force=True)
    for failure in home.failures:
        print(failure)
    print(f"{len(samples)} automations, {len(home.failures)} failures")
    return 1 if home.failures or not samples else 0


sys.exit(asyncio.run(main()))
