package io.serai.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;

/**
 * What processes have used so far, as Linux counts it under {@code /proc}; zeros elsewhere.
 *
 * @param cpuSeconds user and system time, ended children included
 * @param residentMegabytes memory that is resident now
 */
record ProcessUse(double cpuSeconds, double residentMegabytes) {
  private static final double TICKS = 100;
  private static final double PAGE = 4096;

  /** Of one process alone. */
  static ProcessUse of(long pid) {
    var fields = fields(pid);
    return fields == null ? new ProcessUse(0, 0) : use(fields);
  }

  /** Of a process and all that descend from it. */
  static ProcessUse ofTree(long root) {
    var all = new HashMap<Long, String[]>();
    ProcessHandle.allProcesses()
        .forEach(
            process -> {
              var fields = fields(process.pid());
              if (fields != null) {
                all.put(process.pid(), fields);
              }
            });
    var cpu = 0.0;
    var resident = 0.0;
    for (var pid : all.keySet()) {
      var seen = new HashSet<Long>();
      var up = pid;
      while (up != root && up > 1 && all.containsKey(up) && seen.add(up)) {
        up = Long.valueOf(all.get(up)[1]);
      }
      if (up == root) {
        var use = use(all.get(pid));
        cpu += use.cpuSeconds();
        resident += use.residentMegabytes();
      }
    }
    return new ProcessUse(cpu, resident);
  }

  private static ProcessUse use(String[] fields) {
    var ticks = 0L;
    for (var i = 11; i <= 14; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return new ProcessUse(ticks / TICKS, Long.parseLong(fields[21]) * PAGE / (1 << 20));
  }

  // The second field, the name, may hold spaces; what follows its last bracket does not.
  private static String[] fields(long pid) {
    try {
      var text = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return text.substring(text.lastIndexOf(')') + 2).strip().split(" ");
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
