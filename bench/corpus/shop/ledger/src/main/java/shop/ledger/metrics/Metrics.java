package shop.ledger.metrics;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Counters, gauges and histograms in the text format of Prometheus. */
public final class Metrics {
  private static final double[] BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  private static final String[] STATUS_CLASSES = {"2xx", "3xx", "4xx", "5xx"};

  private final Map<String, Long> requests = new LinkedHashMap<>();
  private final Map<String, double[]> durations = new LinkedHashMap<>();
  private final Map<String, Supplier<? extends Number>> gauges = new ConcurrentHashMap<>();
  private final String revision;

  public Metrics(String revision) {
    this.revision = revision;
  }

  public synchronized void declare(String handler, String method) {
    for (String status : STATUS_CLASSES) requests.put(labels(handler, method) + ",status=\"" + status + "\"", 0L);
    durations.put(labels(handler, method), new double[BUCKETS.length + 2]);
  }

  public synchronized void observe(String handler, String method, int status, double seconds) {
    String labels = labels(handler, method);
    requests.merge(labels + ",status=\"" + status / 100 + "xx\"", 1L, Long::sum);
    double[] counts = durations.computeIfAbsent(labels, any -> new double[BUCKETS.length + 2]);
    for (int i = 0; i < BUCKETS.length; i += 1) if (seconds <= BUCKETS[i]) counts[i] += 1;
    counts[BUCKETS.length] += 1;
    counts[BUCKETS.length + 1] += seconds;
  }

  public void gauge(String name, Supplier<? extends Number> read) {
    gauges.put(name, read);
  }

  public String text() {
    StringBuilder out = new StringBuilder(8192);
    out.append("build_info{revision=\"").append(revision).append("\"} 1\n");
    writeRequests(out);
    gauges.forEach((name, read) -> out.append(name).append(' ').append(read.get()).append('\n'));
    ProcessMetrics.write(out);
    return out.toString();
  }

  private synchronized void writeRequests(StringBuilder out) {
    out.append("# TYPE http_requests_total counter\n");
    requests.forEach((labels, count) ->
        out.append("http_requests_total{").append(labels).append("} ").append(count).append('\n'));
    String name = "http_request_duration_seconds";
    out.append("# TYPE ").append(name).append(" histogram\n");
    durations.forEach((labels, counts) -> {
      for (int i = 0; i < BUCKETS.length; i += 1)
        out.append(name).append("_bucket{").append(labels).append(",le=\"").append(bound(BUCKETS[i])).append("\"} ")
            .append((long) counts[i]).append('\n');
      long all = (long) counts[BUCKETS.length];
      out.append(name).append("_bucket{").append(labels).append(",le=\"+Inf\"} ").append(all).append('\n');
      out.append(name).append("_sum{").append(labels).append("} ")
          .append(String.format(Locale.ROOT, "%.6f", counts[BUCKETS.length + 1])).append('\n');
      out.append(name).append("_count{").append(labels).append("} ").append(all).append('\n');
    });
  }

  private static String bound(double seconds) {
    return seconds == Math.rint(seconds) ? String.valueOf((long) seconds) : String.valueOf(seconds);
  }

  private static String labels(String handler, String method) {
    return "handler=\"" + handler + "\",method=\"" + method + "\"";
  }
}
