package shop.ledger.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** Of the process and its virtual machine. */
final class ProcessMetrics {
  private static final long PAGE_BYTES = 4096;

  private ProcessMetrics() {}

  static void write(StringBuilder out) {
    var system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof UnixOperatingSystemMXBean unix) {
      out.append("# TYPE process_cpu_seconds_total counter\n");
      line(out, "process_cpu_seconds_total", unix.getProcessCpuTime() / 1e9);
      line(out, "process_open_fds", unix.getOpenFileDescriptorCount());
      line(out, "process_max_fds", unix.getMaxFileDescriptorCount());
    }
    line(out, "process_start_time_seconds", ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
    line(out, "process_resident_memory_bytes", residentBytes());
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    line(out, "jvm_memory_used_bytes{area=\"heap\"}", heap.getUsed());
    line(out, "jvm_memory_max_bytes{area=\"heap\"}", heap.getMax());
    out.append("# TYPE jvm_gc_collection_seconds_sum counter\n");
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      String label = "{gc=\"" + collector.getName() + "\"} ";
      out.append("jvm_gc_collection_seconds_sum").append(label).append(collector.getCollectionTime() / 1e3).append('\n');
      out.append("jvm_gc_collection_seconds_count").append(label).append(collector.getCollectionCount()).append('\n');
    }
    writeThreads(out);
  }

  private static void writeThreads(StringBuilder out) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<Thread.State, Integer> states = new EnumMap<>(Thread.State.class);
    for (Thread.State state : Thread.State.values()) states.put(state, 0);
    for (var info : threads.getThreadInfo(threads.getAllThreadIds()))
      if (info != null) states.merge(info.getThreadState(), 1, Integer::sum);
    line(out, "jvm_threads_current", threads.getThreadCount());
    states.forEach((state, count) -> line(out, "jvm_threads_state{state=\"" + state + "\"}", count));
    long[] stuck = threads.findDeadlockedThreads();
    line(out, "jvm_threads_deadlocked", stuck == null ? 0 : stuck.length);
  }

  private static long residentBytes() {
    try {
      return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE_BYTES;
    } catch (IOException error) {
      return -1;
    }
  }

  private static void line(StringBuilder out, String name, Number value) {
    out.append(name).append(' ').append(value).append('\n');
  }
}
