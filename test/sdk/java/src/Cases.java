import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/**
 * Runs cases in parallel in one virtual machine, because starting one takes longer than a case. Each line of standard input is a
 * case: a number, its program, and the arguments. Ends with standard input.
 */
public final class Cases {
    private interface Program {
        void run(JsonObject told, Talk talk) throws Exception;
    }

    public static void main(String[] words) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            JsonObject told = JsonParser.parseString(line).getAsJsonObject();
            Talk talk = new Talk(told.get("number").getAsInt());
            Program program = programNamed(told.get("program").getAsString());
            new Thread(() -> perform(program, told.getAsJsonObject("told"), talk)).start();
        }
        System.exit(0);
    }

    private static Program programNamed(String name) {
        switch (name) {
            case "device":
                return Device::run;
            case "back-end":
                return BackEnd::run;
            default:
                throw new IllegalArgumentException("there is no program " + name);
        }
    }

    private static void perform(Program program, JsonObject told, Talk talk) {
        try {
            program.run(told, talk);
            talk.tell("ended", new JsonPrimitive(""));
        } catch (Throwable problem) {
            StringWriter text = new StringWriter();
            problem.printStackTrace(new PrintWriter(text));
            talk.tell("ended", new JsonPrimitive(text.toString()));
        }
    }
}
