package shop.ledger.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import shop.ledger.http.HttpError;
import shop.ledger.http.Json;
import shop.ledger.time.ShopClock;

/** Tokens (HS256) of those who may call. */
public final class Tokens {
  /** Seconds that two clocks may differ by. */
  private static final long LEEWAY_SECONDS = 5;
  private final SecretKeySpec key;
  private final ShopClock clock;

  public Tokens(String key, ShopClock clock) {
    this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    this.clock = clock;
  }

  /** Who calls. */
  public String subject(String authorization) {
    if (authorization == null || !authorization.startsWith("Bearer ")) throw refused("a token is required");
    String[] parts = authorization.substring("Bearer ".length()).split("\\.");
    if (parts.length != 3) throw refused("token is malformed");
    if (!MessageDigest.isEqual(signature(parts[0] + "." + parts[1]), decoded(parts[2])))
      throw refused("token signature is invalid");
    Map<String, Object> claims = Json.object(new String(decoded(parts[1]), StandardCharsets.UTF_8));
    checkTimes(claims);
    return String.valueOf(claims.get("sub"));
  }

  private void checkTimes(Map<String, Object> claims) {
    long now = clock.now().getEpochSecond();
    long issuedAt = ((Number) claims.get("iat")).longValue();
    long expiresAt = ((Number) claims.get("exp")).longValue();
    if (issuedAt > now + LEEWAY_SECONDS)
      throw refused("token is not yet valid: issued at " + Instant.ofEpochSecond(issuedAt) + ", now " + Instant.ofEpochSecond(now));
    if (expiresAt < now - LEEWAY_SECONDS) throw refused("token has expired at " + Instant.ofEpochSecond(expiresAt));
  }

  private byte[] signature(String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException error) {
      throw new IllegalStateException("HmacSHA256 is not there", error);
    }
  }

  private static byte[] decoded(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException error) {
      throw refused("token is malformed");
    }
  }

  private static HttpError refused(String reason) {
    return new HttpError(401, reason);
  }
}
