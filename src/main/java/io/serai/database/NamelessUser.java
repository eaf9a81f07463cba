package io.serai.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Lets {@code initdb} run as a user that {@code /etc/passwd} does not know, as containers with an
 * arbitrary uid have. {@code initdb} asks for the user's name and gives up without one, although it
 * only needs it when no {@code --username} is given; the server itself never asks. So a library of
 * one function, {@code getpwuid} answering "serai" for whoever asks, is preloaded into that one
 * program. It is small enough to be written byte by byte here, which spares a compiled file that
 * nobody can read and a package that a container may lack. x86-64 Linux only, like the bundled
 * server; elsewhere the preload is left out and {@code initdb}'s own sentence stands.
 */
final class NamelessUser {
  private static final int PAGE = 0x1000;
  private static final int SYMBOLS = 0x200;
  private static final int STRINGS = 0x240;
  private static final int HASH = 0x260;
  private static final int CODE = 0x280;
  private static final int DYNAMIC = PAGE;
  private static final int RECORD = PAGE + 0x100;
  private static final int NAME = PAGE + 0x140;

  private NamelessUser() {}

  /** The environment that makes up a name; {@code folder} gets the library's file. */
  static Map<String, String> environment(Path folder, ServerUser user) {
    if (user.hasName() || !System.getProperty("os.arch").equals("amd64")) {
      return Map.of();
    }
    try {
      var file = folder.resolve("nameless-user.so");
      Files.write(file, library());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      return Map.of("LD_PRELOAD", file.toString());
    } catch (IOException e) {
      throw new DatabaseRefused(
          "File 'nameless-user.so' cannot be written in '%s' (%s). Make the folder writable for this user."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  /** An ELF shared object: one page of headers and code, one of data, no relocations. */
  static byte[] library() {
    var elf = ByteBuffer.allocate(2 * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    elf.putShort((short) 3).putShort((short) 62).putInt(1); // shared object, x86-64
    elf.putLong(0).putLong(64).putLong(0).putInt(0); // no entry, program headers at 64
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 4); // four of them
    elf.position(64);
    segment(elf, 1, 5, 0, PAGE, PAGE); // load, read + execute
    segment(elf, 1, 6, PAGE, PAGE, PAGE); // load, read + write
    segment(elf, 2, 6, DYNAMIC, 0x60, 8); // dynamic
    segment(elf, 0x6474e551, 6, 0, 0, 16); // a stack that is not executable

    elf.position(SYMBOLS + 24); // symbol 0 is empty
    elf.putInt(1).put((byte) 0x12).put((byte) 0).putShort((short) 1).putLong(CODE).putLong(42);
    elf.position(STRINGS + 1);
    elf.put("getpwuid".getBytes(StandardCharsets.US_ASCII));
    elf.position(HASH); // one bucket, which holds symbol 1
    elf.putInt(1).putInt(2).putInt(1).putInt(0).putInt(0);

    elf.position(CODE);
    address(elf, 0x05, RECORD); // lea rax, [record]
    address(elf, 0x0d, NAME); //   lea rcx, [name]
    code(elf, 0x48, 0x89, 0x08); //       record.name     = rcx
    code(elf, 0x48, 0x89, 0x48, 0x08); // record.password = rcx
    code(elf, 0x89, 0x78, 0x10); //       record.uid      = edi
    code(elf, 0x89, 0x78, 0x14); //       record.gid      = edi
    code(elf, 0x48, 0x89, 0x48, 0x18); // record.gecos    = rcx
    code(elf, 0x48, 0x89, 0x48, 0x20); // record.home     = rcx
    code(elf, 0x48, 0x89, 0x48, 0x28); // record.shell    = rcx
    code(elf, 0xc3); //                   return rax

    elf.position(DYNAMIC);
    elf.putLong(4).putLong(HASH).putLong(5).putLong(STRINGS).putLong(6).putLong(SYMBOLS);
    elf.putLong(10).putLong(16).putLong(11).putLong(24).putLong(0).putLong(0);
    elf.position(NAME);
    elf.put("serai".getBytes(StandardCharsets.US_ASCII));
    return elf.array();
  }

  private static void segment(
      ByteBuffer elf, int type, int flags, int offset, int size, int alignment) {
    elf.putInt(type).putInt(flags).putLong(offset).putLong(offset).putLong(offset);
    elf.putLong(size).putLong(size).putLong(alignment);
  }

  /** {@code lea register, [rip + distance]}. */
  private static void address(ByteBuffer elf, int register, int target) {
    code(elf, 0x48, 0x8d, register);
    elf.putInt(target - (elf.position() + 4));
  }

  private static void code(ByteBuffer elf, int... bytes) {
    for (int each : bytes) {
      elf.put((byte) each);
    }
  }
}
