/** As Prometheus, Loki and the alert rules know this service. */
export const SERVICE = 'mongo-api-service';
