import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/** The output of a case: one JSON line each, with the number of the case, a word, and a value. */
final class Talk {
    private final int number;

    Talk(int number) {
        this.number = number;
    }

    void tell(String word) {
        tell(word, new JsonPrimitive(true));
    }

    void tell(String word, JsonElement value) {
        JsonObject said = new JsonObject();
        said.add(word, value);
        JsonObject line = new JsonObject();
        line.addProperty("number", number);
        line.add("said", said);
        // Cases and the callbacks of the SDK run on separate threads.
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
