package io.serai.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a partner's translator looks at before anybody reads a document: segments it knows in the
 * set, those that must be there, and the form of the elements that matter.
 *
 * <p>Gap: the order of segments is looked at only where it has a meaning, by who reads the set.
 */
final class X12Syntax {

  // Segments of a set; '!' must be there.
  private static final Map<String, String> SETS =
      table(
          """
          810 BIG! NTE CUR REF PER N1 N2 N3 N4 ITD DTM FOB PID IT1! TXI CTP SAC TDS! CAD ISS AMT CTT!
          846 BIA! CUR DTM REF PER N1 N2 N3 N4 LIN! PID CTP QTY! SCH CTT
          855 BAK! CUR REF PER N9 MSG N1 N2 N3 N4 DTM TD5 PO1! CTP PID ACK! SCH SAC CTT!
          856 BSN! DTM HL! LIN SN1 SLN PRF PO4 PID TD1 TD5 TD3 REF PER MAN FOB PAL N1 N2 N3 N4 CTT!
          865 BCA! CUR REF PER N1 N2 N3 N4 DTM POC! CTP PID ACK! CTT
          940 W05! N1! N2 N3 N4 PER N9 G61 G62 NTE W09 W66 LX! MAN W01! G69 W20 QTY W76!
          943 W06! N1! N2 N3 N4 PER N9 G62 NTE W27! W28 W04! G69 W20 W03!
          997 AK1! AK2 AK3 AK4 AK5 AK9!
          """);

  // Elements of a segment: type, shortest and longest; '!' must be there, '-' is not looked at.
  private static final Map<String, String> SEGMENTS =
      table(
          """
          ACK ID2-2! R1-15 ID2-2 ID3-3 DT8-8
          BAK ID2-2! ID2-2! AN1-22! DT8-8! AN1-30 - - AN1-50 DT8-8
          BCA ID2-2! ID2-2 AN1-22! - - DT8-8!
          BIA ID2-2! ID2-2! AN1-50! DT8-8! TM4-8
          BIG DT8-8! AN1-22! DT8-8 AN1-22
          BSN ID2-2! AN2-30! DT8-8! TM4-8! ID4-4
          CTT N1-6!
          DTM ID3-3! DT8-8 TM4-8
          G62 ID2-2 DT8-8
          HL AN1-12! AN1-12 ID1-2! ID1-1
          IT1 AN1-20 R1-15! ID2-2! R1-17!
          LIN AN1-20 ID2-2! AN1-48!
          LX N1-6!
          MAN ID1-2! AN1-48!
          N1 ID2-3! AN1-60 ID1-2 AN2-80
          N3 AN1-55! AN1-55
          N4 AN2-30 ID2-2 AN3-15 ID2-3
          N9 ID2-3! AN1-50
          PO1 AN1-20 R1-15 ID2-2 R1-17
          PRF AN1-22!
          QTY ID2-2! R1-15!
          REF ID2-3! AN1-50
          SAC ID1-1! ID4-4 - - N1-15
          SN1 AN1-20 R1-10! ID2-2!
          TD1 AN3-5 N1-7
          TD5 ID1-2 ID1-2 AN2-80 ID1-2
          TDS N1-15!
          TXI ID2-2! R1-18
          W01 R1-15! ID2-2!
          W03 R1-10!
          W04 R1-10! ID2-2!
          W05 ID1-1! AN1-22! AN1-22
          W06 ID1-1! AN1-22 DT8-8 AN1-30
          W66 ID2-2! ID1-2!
          W76 R1-15!
          """);

  private X12Syntax() {}

  private static Map<String, String> table(String text) {
    var table = new LinkedHashMap<String, String>();
    text.lines()
        .forEach(
            line -> {
              var name = line.substring(0, line.indexOf(' '));
              table.put(name, line.substring(name.length() + 1));
            });
    return table;
  }

  /** Whether such a set is exchanged at all. */
  static boolean knows(String type) {
    return SETS.containsKey(type);
  }

  /** What is wrong with a set, in its order. */
  static List<X12.Fault> faults(X12.Set set) {
    var faults = new ArrayList<X12.Fault>();
    var here = List.of(SETS.get(set.type()).replace("!", "").split(" "));
    for (var segment : set.body()) {
      if (here.contains(segment.id())) {
        faults(set, segment, faults);
      } else {
        faults.add(set.fault(segment, 0, "6", segment.id() + " is not used in this set."));
      }
    }
    for (var name : SETS.get(set.type()).split(" ")) {
      var id = name.replace("!", "");
      if (name.endsWith("!") && set.all(id).isEmpty()) {
        faults.add(new X12.Fault(id, set.body().size() + 2, 0, "3", "", "There is no " + id + "."));
      }
    }
    return faults;
  }

  private static void faults(X12.Set set, X12.Segment segment, List<X12.Fault> faults) {
    var rules = SEGMENTS.getOrDefault(segment.id(), "-").split(" ");
    for (var i = 0; i < rules.length; i++) {
      var code = rules[i].equals("-") ? null : code(rules[i], segment.at(i + 1));
      if (code != null) {
        faults.add(
            set.fault(
                segment,
                i + 1,
                code,
                "%s%02d '%s' is not %s."
                    .formatted(segment.id(), i + 1, segment.at(i + 1), rules[i])));
      }
    }
  }

  /** What AK403 says of an element, or {@code null} when it is as it should be. */
  private static String code(String rule, String value) {
    if (value.isEmpty()) {
      return rule.endsWith("!") ? "1" : null;
    }
    var type = rule.replaceAll("\\d.*", "");
    var lengths = rule.substring(type.length()).replace("!", "").split("-");
    var length = type.equals("R") ? value.replaceAll("[-.]", "").length() : value.length();
    if (length < Integer.parseInt(lengths[0])) {
      return "4";
    }
    if (length > Integer.parseInt(lengths[1])) {
      return "5";
    }
    return switch (type) {
      case "DT" -> value.matches("20\\d\\d(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])") ? null : "8";
      case "TM" -> value.matches("([01]\\d|2[0-3])[0-5]\\d.*") ? null : "9";
      case "N" -> value.matches("-?\\d+") ? null : "6";
      case "R" -> value.matches("-?\\d*\\.?\\d+|-?\\d+\\.") ? null : "6";
      default -> null;
    };
  }
}
