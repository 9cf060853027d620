package shop.ledger.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import shop.ledger.Settings;
import shop.ledger.auth.Tokens;
import shop.ledger.metrics.Metrics;

/** Finds the route, lets a worker do it, and logs and counts what came of it. */
public final class Router {
  private static final Logger LOGGER = Logger.getLogger("shop.ledger.http.Router");
  private static final Pattern NAME = Pattern.compile("\\{(\\w+)\\}");

  private record Route(String method, String pattern, Pattern expression, List<String> names, Function<Request, Answer> handler) {}

  private final List<Route> routes = new ArrayList<>();
  private final Metrics metrics;
  private final Tokens tokens;
  private final int requestMillis;
  private final ThreadPoolExecutor workers;

  public Router(Settings settings, Metrics metrics, Tokens tokens) {
    this.metrics = metrics;
    this.tokens = tokens;
    this.requestMillis = settings.requestMillis();
    AtomicInteger number = new AtomicInteger();
    this.workers = new ThreadPoolExecutor(
        settings.httpWorkers(), settings.httpWorkers(), 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
        task -> new Thread(task, "worker-" + number.incrementAndGet()));
    metrics.gauge("http_workers_max", workers::getMaximumPoolSize);
    metrics.gauge("http_workers_busy", workers::getActiveCount);
    metrics.gauge("http_workers_waiting", () -> workers.getQueue().size());
  }

  public void add(String method, String pattern, Function<Request, Answer> handler) {
    List<String> names = new ArrayList<>();
    Matcher matcher = NAME.matcher(pattern);
    while (matcher.find()) names.add(matcher.group(1));
    Pattern expression = Pattern.compile(NAME.matcher(pattern).replaceAll("([a-z0-9-]+)"));
    routes.add(new Route(method, pattern, expression, names, handler));
    metrics.declare(pattern, method);
  }

  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    switch (path) {
      case "/health", "/health/ready" -> send(exchange, 200, "application/json", "{\"status\":\"ok\"}");
      case "/metrics" -> send(exchange, 200, "text/plain; version=0.0.4", metrics.text());
      default -> route(exchange, path);
    }
  }

  private void route(HttpExchange exchange, String path) throws IOException {
    long began = System.nanoTime();
    String method = exchange.getRequestMethod();
    String pattern = "other";
    Answer answer = new Answer(404, Map.of("error", "there is no " + method + " " + path));
    for (Route route : routes) {
      Matcher matcher = route.expression().matcher(path);
      if (!route.method().equals(method) || !matcher.matches()) continue;
      pattern = route.pattern();
      answer = answered(exchange, route, matcher);
      break;
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    metrics.observe(pattern, method, answer.status(), seconds);
    if (answer.status() >= 400) {
      Level level = answer.status() >= 500 ? Level.SEVERE : Level.WARNING;
      LOGGER.log(level, String.format("%s %s -> %d (%s, %.1f ms)", method, exchange.getRequestURI(), answer.status(),
          exchange.getRemoteAddress().getAddress().getHostAddress(), seconds * 1000));
    }
    send(exchange, answer.status(), "application/json", Json.write(answer.body()));
  }

  private Answer answered(HttpExchange exchange, Route route, Matcher matcher) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> parts = new HashMap<>();
    for (int i = 0; i < route.names().size(); i += 1) parts.put(route.names().get(i), matcher.group(i + 1));
    Request request = new Request(route.method(), exchange.getRequestURI().getPath(),
        query(exchange.getRequestURI().getQuery()), body, parts);
    try {
      tokens.subject(exchange.getRequestHeaders().getFirst("Authorization"));
      return worked(route, request);
    } catch (HttpError error) {
      if (error.status() >= 500) LOGGER.log(Level.SEVERE, request.method() + " " + request.path() + " failed", error);
      else LOGGER.log(Level.WARNING, request.method() + " " + request.path() + " is refused: " + error.getMessage());
      return new Answer(error.status(), Map.of("error", String.valueOf(error.getMessage())));
    } catch (Throwable error) {
      LOGGER.log(Level.SEVERE, request.method() + " " + request.path() + " failed", error);
      return new Answer(500, Map.of("error", "internal error"));
    }
  }

  private Answer worked(Route route, Request request) throws Throwable {
    Future<Answer> work = workers.submit(() -> route.handler().apply(request));
    try {
      return work.get(requestMillis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException error) {
      throw error.getCause();
    } catch (TimeoutException error) {
      work.cancel(true);
      throw new HttpError(503, "no answer within " + requestMillis + " ms: " + workers.getActiveCount() + " of "
          + workers.getMaximumPoolSize() + " workers are busy, " + workers.getQueue().size() + " requests wait", error);
    }
  }

  private static Map<String, String> query(String text) {
    Map<String, String> found = new HashMap<>();
    if (text == null) return found;
    for (String part : text.split("&")) {
      int equals = part.indexOf('=');
      if (equals > 0) found.put(part.substring(0, equals), part.substring(equals + 1));
    }
    return found;
  }

  private static void send(HttpExchange exchange, int status, String kind, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", kind);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
