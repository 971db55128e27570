#pragma once

#include <string_view>

namespace habitd {

// Blueprints of our own, in the shapes that real ones have.

inline constexpr std::string_view new_syntax = R"(blueprint:
  name: Motion lights a room
  description: Turns a light on while somebody moves.
  domain: automation
  author: habitd
  source_url: https://example.org/motion.yaml
  homeassistant:
    min_version: "2024.10.0"
  input:
    motion:
      name: Motion sensor
      selector:
        entity:
          filter:
            - domain: binary_sensor
              device_class: [motion, occupancy]
            - integration: zha
              domain: binary_sensor
    lamp:
      name: Light
      selector:
        target:
          entity:
            domain: light
            supported_features: light.LightEntityFeature.TRANSITION
    bare:
    more:
      name: More
      collapsed: true
      input:
        wait:
          name: Wait
          default: 120
          selector: {number: {min: 0, max: 3600}}
        helper:
          name: Helper
          visible:
            - {field: wait, operator: exists}
          selector: {entity: {domain: input_boolean}}
triggers:
  - trigger: state
    entity_id: !input motion
    to: "on"
  - triggers:
      - trigger: sun
        event: sunset
conditions:
  - "{{ is_state('sun.sun', 'below_horizon') }}"
  - or:
      - condition: time
        after: "18:00:00"
actions:
  - action: light.turn_on
    target: !input lamp
  - choose:
      - conditions: []
        sequence:
          - action: lock.unlock
            target: {entity_id: lock.front}
    default:
      - delay: !input wait
  - parallel:
      - - action: notify.mobile_app
      - repeat:
          count: 2
          sequence:
            - action: mqtt.publish
              data: {topic: a, payload: b}
)";

inline constexpr std::string_view old_syntax = R"(blueprint:
  name: Old remote
  domain: automation
  input:
    remote:
      name: Remote
      selector:
        device:
          integration: zha
          manufacturer: IKEA of Sweden
          entity:
            device_class: battery
            domain: sensor
trigger:
  platform: event
  event_type: zha_event
  event_data:
    device_id: !input 'remote'
action:
  - service: light.toggle
    entity_id: light.hall
)";

} // namespace habitd
