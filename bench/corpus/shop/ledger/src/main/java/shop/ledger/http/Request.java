package shop.ledger.http;

import java.util.Map;

/** `parts`: what stood for the names in the route's pattern. */
public record Request(String method, String path, Map<String, String> query, String body, Map<String, String> parts) {
  public Map<String, Object> object() {
    return Json.object(body);
  }

  public int number(String name, int otherwise) {
    String value = query.get(name);
    return value == null ? otherwise : Integer.parseInt(value);
  }
}
