import type { FastifyInstance, FastifyRequest } from '@incident-agent/service-kit/fastify';
import { z } from 'zod';
import { parseCoordinates } from './coordinates.ts';
import type { Forecast, WeatherProvider } from './open-meteo.ts';

const Parameters = z.object({ coordinates: z.string() });

export async function weatherRoutes(
  server: FastifyInstance,
  { provider }: { provider: WeatherProvider },
): Promise<void> {
  server.get('/', async () => ({ status: 'ok', message: 'Weather service is running' }));

  // The path is /weather/latitude={lat}&longitude={lon}: one segment, which the router hands over whole.
  server.route({
    method: 'GET',
    url: '/weather/:coordinates',
    async handler(request: FastifyRequest): Promise<Forecast> {
      const { coordinates } = Parameters.parse(request.params);
      return provider.forecast(parseCoordinates(coordinates));
    },
  });
}
