"""The public room: rights and help for survivors. No table here can hold anything a visitor typed."""
