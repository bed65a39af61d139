import { requires } from '@keyfence/guard/mcp';
import { z } from 'zod';

const contentOf = (value) => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });
const sensor = z.string().max(100).describe('The name of a sensor, such as turbine');
const celsius = z.number().min(-273.15).max(5_000);

/** Gives a server the tools that this key may use. */
export function addTools(server, plant, principal) {
  const tool = (permission, name, description, inputSchema, work) => {
    const config = { description, inputSchema: z.object(inputSchema) };
    const call = (input) => Promise.resolve(contentOf(work(input)));
    requires(principal, permission, server.registerTool(name, config, call));
  };

  tool('telemetry:read', 'monitor', 'Whether the plant is within its limits', {}, () => ({
    hottest: plant.hottest,
    isWithinLimits: plant.hottest <= plant.limit,
  }));
  tool('telemetry:read', 'diagnose', 'Sensors beyond the limit of the plant', {}, () =>
    plant.readings.filter((reading) => reading.celsius > plant.limit),
  );
  tool('telemetry:read', 'query', 'What a sensor has measured', { sensor }, (input) =>
    plant.readings.filter((reading) => reading.sensor === input.sensor),
  );
  tool('telemetry:write', 'record', 'Record a measurement', { sensor, celsius }, (input) => {
    plant.readings.push(input);
    return { recordedBy: principal.keyId };
  });
  const scenario = { name: z.string().max(100), celsius };
  tool('scenarios:write', 'save_scenario', 'Save a scenario', scenario, (input) => {
    plant.scenarios.set(input.name, input.celsius);
    return { scenarios: [...plant.scenarios.keys()] };
  });
  tool('plant:admin', 'configure', 'Set the limit of the plant', { celsius }, (input) => {
    plant.limit = input.celsius;
    return { limit: plant.limit };
  });
}
