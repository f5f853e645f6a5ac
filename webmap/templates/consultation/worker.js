import { serve } from {{ url_for("static", filename="js/consultation/worker.js") | tojson }};

serve({{ shell | tojson }});
