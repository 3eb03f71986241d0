import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/** What a case says: one JSON line each, with the number of the case, a word, and a value. */
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
        // Cases have threads of their own, and so have the callbacks of the SDK.
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
